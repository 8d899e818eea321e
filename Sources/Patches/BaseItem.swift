// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A member of a base.
struct BaseItem {
    /// The number of the base.
    let base: Int
    let member: TarMap.Member

    func content(in files: [MappedFile]) -> UnsafeRawBufferPointer {
        let range = member.content..<member.end
        return unsafe UnsafeRawBufferPointer(rebasing: files[base].bytes[range])
    }
}
