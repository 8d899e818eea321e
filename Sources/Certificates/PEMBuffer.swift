// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto

/// PEM text in memory, as libcrypto reads and writes it.
@safe final class PEMBuffer {
    /// libcrypto's stream.
    let stream: OpaquePointer

    /// Makes an empty buffer for writing.
    init() throws(CertificateError) {
        guard let stream = unsafe BIO_new(BIO_s_mem()) else { throw OpenSSL.failure("get memory") }
        unsafe self.stream = stream
    }

    /// Makes a buffer for reading.
    convenience init(_ bytes: [UInt8]) throws(CertificateError) {
        try self.init()
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes[done...]
                .withUnsafeBytes { buffer in
                    unsafe BIO_write(stream, buffer.baseAddress, Int32(clamping: buffer.count))
                }
            guard count > 0 else { throw OpenSSL.failure("get memory") }
            done += Int(count)
        }
    }

    deinit { unsafe BIO_free_all(stream) }

    /// Removes and returns the written bytes.
    func contents() -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe BIO_read(stream, &chunk, Int32(chunk.count))
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(Int(count))
        }
    }
}
