// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCurl

/// Collects the parts of an answer that libcurl passes on.
@safe final class ResponseCollector {
    struct Result {
        var headers: [Header] = []
        /// Whether the receiver stopped the transfer.
        var hasEnough = false
    }

    private let receive: (UnsafeRawBufferPointer) -> Bool
    private(set) var result = Result()

    init(_ receive: @escaping (UnsafeRawBufferPointer) -> Bool) { unsafe self.receive = receive }

    /// Callbacks of libcurl.
    ///
    /// A callback returns the number of bytes that it accepted. If this number is smaller than the
    /// number of received bytes, libcurl ends the transfer.
    typealias Callback =
        @convention(c) (
            UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?
        ) -> Int

    static let body: Callback = { bytes, size, count, context in
        guard let context = unsafe context else { return 0 }
        let collector = unsafe Unmanaged<ResponseCollector>.fromOpaque(context)
            .takeUnretainedValue()
        let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        guard unsafe collector.receive(buffer) else {
            collector.result.hasEnough = true
            return 0
        }
        return buffer.count
    }

    static let header: Callback = { bytes, size, count, context in
        guard let context = unsafe context else { return 0 }
        let collector = unsafe Unmanaged<ResponseCollector>.fromOpaque(context)
            .takeUnretainedValue()
        let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        unsafe collector.take(line: String(decoding: buffer, as: UTF8.self))
        return buffer.count
    }

    private func take(line: String) {
        // Drop the earlier headers if another header block begins, because they belong to "100
        // Continue" or to a proxy.
        if line.hasPrefix("HTTP/") { result.headers = [] }
        let text = line.unicodeScalars.filter { $0 != "\r" && $0 != "\n" }
        if let header = Header(line: String(String.UnicodeScalarView(text))) {
            result.headers.append(header)
        }
    }
}

/// A list of headers for libcurl, which is freed together with this object.
@safe final class HeaderList {
    let first: UnsafeMutablePointer<curl_slist>?

    init(_ headers: [Header]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for header in headers {
            unsafe list = ccurl_append(list, header.description)
        }
        unsafe first = list
    }

    deinit { unsafe ccurl_free_list(first) }
}
