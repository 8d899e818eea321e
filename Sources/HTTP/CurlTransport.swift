// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCurl

/// HTTP through the system's libcurl, over one open connection.
///
/// This class doesn't follow redirects, decode bodies, cache answers or send credentials. Two
/// threads must not use an instance at the same time.
@safe package final class CurlTransport: Transport {
    /// The checks that are made on a server's certificate.
    package enum Verification: Sendable { case full, issuer, name, none }

    private let handle: UnsafeMutableRawPointer
    private let authorities: String?
    private let agent: String
    /// The caller changes this value to examine a server even if its certificate is bad.
    package var verification = Verification.full

    /// Creates a client that trusts the CAs in the file `authorities`; nil to trust the system's
    /// CAs.
    package init(authorities: String? = nil, agent: String) throws(TransferError) {
        if let reason = unsafe ccurl_load() {
            throw TransferError(.library, unsafe String(cString: reason))
        }
        guard let handle = unsafe ccurl_new() else {
            preconditionFailure("libcurl has no handle")
        }
        unsafe self.handle = handle
        self.authorities = authorities
        self.agent = agent
    }

    deinit { unsafe ccurl_free(handle) }

    package func send(
        _ request: Request,
        receive: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws(TransferError) -> Answer {
        try unsafe send(request, isFresh: false, receive: receive)
    }

    /// Examines the issuer, dates and name of a server's certificate, even if one of them is wrong.
    package func inspectTLS(_ url: String) throws(TransferError) -> TLSReport {
        let usual = verification
        defer { verification = usual }
        verification = .none
        try touch(url)
        var report = TLSReport(chain: unsafe ServedCertificate.chain(of: handle))
        verification = .issuer
        if let reason = try distrust(url) {
            let code = unsafe ccurl_long(handle, CURLINFO_SSL_VERIFYRESULT)
            report.distrust = Self.dateFaults.contains(code) ? .dates(reason) : .issuer(reason)
        }
        verification = .name
        report.wrongName = try distrust(url)
        return report
    }

    /// `X509_V_ERR_CERT_NOT_YET_VALID` and `X509_V_ERR_CERT_HAS_EXPIRED` of OpenSSL.
    private static let dateFaults = [9, 10]

    private func distrust(_ url: String) throws(TransferError) -> String? {
        do { try touch(url) } catch {
            guard error.kind == .certificate else { throw error }
            return error.reason
        }
        return nil
    }

    private func touch(_ url: String) throws(TransferError) {
        _ = try unsafe send(Request(.head, url), isFresh: true) { _ in true }
    }

    private func send(
        _ request: Request,
        isFresh: Bool,
        receive: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws(TransferError) -> Answer {
        unsafe ccurl_reset(handle)
        setUp(request, isFresh: isFresh)
        let headers = HeaderList(request.headers)
        unsafe ccurl_set_list(handle, CURLOPT_HTTPHEADER, headers.first)
        let collector = unsafe ResponseCollector(receive)
        let (code, reason) = perform(into: collector)
        withExtendedLifetime(headers) {}
        guard code == CURLE_OK || code == CURLE_WRITE_ERROR && collector.result.hasEnough else {
            throw TransferError(TransferError.Kind(code), reason)
        }
        return Answer(
            status: unsafe ccurl_long(handle, CURLINFO_RESPONSE_CODE),
            headers: collector.result.headers,
            redirect: unsafe ccurl_text(handle, CURLINFO_REDIRECT_URL)
                .map {
                    unsafe String(cString: $0)
                },
            seconds: unsafe ccurl_double(handle, CURLINFO_TOTAL_TIME)
        )
    }

    private func perform(into collector: ResponseCollector) -> (CURLcode, String) {
        let context = unsafe Unmanaged.passUnretained(collector).toOpaque()
        unsafe ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION, ResponseCollector.body)
        unsafe ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        unsafe ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION, ResponseCollector.header)
        unsafe ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        let size = Int(CURL_ERROR_SIZE)
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { text in
            unsafe text.initialize(repeating: 0)
            unsafe ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, text.baseAddress)
            defer { unsafe ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil) }
            let code = unsafe ccurl_perform(handle)
            guard let start = text.baseAddress, unsafe start.pointee != 0 else {
                return (code, unsafe String(cString: ccurl_reason(code)))
            }
            return (code, unsafe String(cString: start))
        }
    }
}

// The options of a request for libcurl.
extension CurlTransport {
    private static let connectSeconds = 10
    /// The number of seconds without data after which a request fails.
    private static let stallSeconds = 30

    private func setUp(_ request: Request, isFresh: Bool) {
        unsafe ccurl_only_http(handle)
        set(CURLOPT_URL, request.url)
        set(CURLOPT_USERAGENT, agent)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        set(CURLOPT_CONNECTTIMEOUT, Self.connectSeconds)
        set(CURLOPT_LOW_SPEED_LIMIT, 1)
        set(CURLOPT_LOW_SPEED_TIME, Self.stallSeconds)
        set(CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)
        if URLHost.isLoopback(request.url) { set(CURLOPT_PROXY, "") }
        setUpTLS()
        setUpMethod(request)
    }

    private func setUpTLS() {
        set(CURLOPT_CERTINFO, 1)
        set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        set(CURLOPT_SSL_VERIFYPEER, [.full, .issuer].contains(verification) ? 1 : 0)
        set(CURLOPT_SSL_VERIFYHOST, [.full, .name].contains(verification) ? 2 : 0)
        if let authorities {
            set(CURLOPT_CAINFO, authorities)
        } else if let system = unsafe ccurl_authorities() {
            unsafe ccurl_set_text(handle, CURLOPT_CAINFO, system)
        }
    }

    private func setUpMethod(_ request: Request) {
        switch request.method {
        case .get: set(CURLOPT_HTTPGET, 1)
        case .head: set(CURLOPT_NOBODY, 1)
        case .delete, .post, .put: set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        if let body = request.body { set(CURLOPT_COPYPOSTFIELDS, body) }
    }

    private func set(_ option: CURLoption, _ value: Int) {
        unsafe ccurl_set_long(handle, option, value)
    }

    private func set(_ option: CURLoption, _ value: String) {
        unsafe ccurl_set_text(handle, option, value)
    }
}

extension TransferError.Kind {
    fileprivate init(_ code: CURLcode) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_OPERATION_TIMEDOUT:
            self = .unreachable
        case CURLE_SSL_CONNECT_ERROR: self = .notTLS
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: self = .certificate
        default: self = .broken
        }
    }
}

extension ServedCertificate {
    /// The chain of certificates that the server sent for the last connection of a handle.
    fileprivate static func chain(of handle: UnsafeMutableRawPointer) -> [ServedCertificate] {
        guard let chain = unsafe ccurl_chain(handle)?.pointee else { return [] }
        return unsafe (0..<Int(chain.num_of_certs))
            .map { index in
                var fields: [String: String] = [:]
                var line = unsafe chain.certinfo[index]
                while let node = unsafe line {
                    if let field = unsafe Header(line: String(cString: node.pointee.data)) {
                        fields[field.name] = field.value
                    }
                    unsafe line = node.pointee.next
                }
                return ServedCertificate(
                    subject: fields["Subject"] ?? "",
                    issuer: fields["Issuer"] ?? "",
                    names: fields["X509v3 Subject Alternative Name"] ?? "",
                    notBefore: date(fields["Start date"]),
                    notAfter: date(fields["Expire date"])
                )
            }
    }

    private static func date(_ text: String?) -> Int? {
        guard let text, case let seconds = unsafe ccurl_date(text), seconds >= 0 else {
            return nil
        }
        return seconds
    }
}
