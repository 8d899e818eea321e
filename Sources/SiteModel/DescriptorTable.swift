// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// A table that stores each descriptor only once, because thousands of tags can have the same
/// image.
struct DescriptorTable: Sendable {
    struct Place: Hashable, Sendable {
        fileprivate let number: Int32
    }

    private var descriptors: [Descriptor] = []
    private var places: [Descriptor: Place] = [:]

    /// Returns the place of a descriptor, and adds the descriptor if the table lacks it.
    mutating func place(of descriptor: Descriptor) -> Place {
        if let place = places[descriptor] { return place }
        let place = Place(number: Int32(descriptors.count))
        descriptors.append(descriptor)
        places[descriptor] = place
        return place
    }

    subscript(place: Place) -> Descriptor { descriptors[Int(place.number)] }
}
