// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import HTTP
import OCI

/// A registry in memory that keeps the contract, but for what a test spoils.
struct MadeUpRegistry: Transport {
    typealias Fault = @Sendable (Request, inout Answer) -> Void

    private var pages: [String: Answer] = [:]
    /// Changes the right answer.
    var fault: Fault

    static let url = "http://127.0.0.1:7500"
    /// Long enough for 1024 parts.
    static let layer = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
    static let config = Array(#"{"architecture":"amd64","os":"linux","rootfs":{}}"#.utf8)

    init(fault: @escaping Fault = { _, _ in }) {
        self.fault = fault
        let image = Self.image
        let index = Manifest.index([image.descriptor(ManifestKind.ociManifest.mediaType)])
        page("", Array("{}".utf8))
        page("_catalog", Array(#"{"repositories":["app"]}"#.utf8))
        page("app/tags/list", Array(#"{"name":"app","tags":["1","1.0.html","2"]}"#.utf8))
        for reference in ["1", "1.0.html", "\(image.digest)"] { manifest(reference, image) }
        for reference in ["2", "\(index.digest)"] {
            manifest(reference, index, ManifestKind.ociIndex)
        }
        for blob in [Self.layer, Self.config] {
            let digest = Digest(of: blob)
            page("app/blobs/\(digest)", blob, "application/octet-stream", digest)
        }
    }

    private static var image: RawDocument {
        let layer = Descriptor(
            mediaType: .octetStream,
            digest: Digest(of: layer),
            size: layer.count
        )
        let config = Descriptor(
            mediaType: .ociConfig,
            digest: Digest(of: config),
            size: config.count
        )
        return Manifest.image(.ociManifest, config: config, layers: [layer])
    }

    static var imageDigest: String { image.digest.description }

    private mutating func manifest(
        _ reference: String,
        _ document: RawDocument,
        _ kind: ManifestKind = .ociManifest
    ) {
        let path = "app/manifests/\(reference)"
        page(path, document.bytes, kind.mediaType.description, document.digest)
    }

    private mutating func page(
        _ path: String,
        _ body: [UInt8],
        _ type: String = "application/json",
        _ digest: Digest? = nil
    ) {
        pages[path] = Self.answer(200, body, type)
        if let digest {
            pages[path]?.headers.append(Header("Docker-Content-Digest", "\(digest)"))
        }
    }

    private static func answer(_ status: Int, _ body: [UInt8], _ type: String) -> Answer {
        let headers = [
            Header("Server", "nginx/1.22.1"), Header("content-type", type),
            Header("Content-Length", "\(body.count)"),
        ]
        return Answer(status: status, headers: headers, body: body)
    }

    private static func error(_ status: Int, _ code: String) -> Answer {
        answer(status, Array(#"{"errors":[{"code":"\#(code)"}]}"#.utf8), "application/json")
    }

    func send(
        _ request: Request,
        receive: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws(TransferError) -> Answer {
        var answer = rightAnswer(request)
        fault(request, &answer)
        let body = request.method == .head ? [] : answer.body
        _ = body.withUnsafeBytes(receive)
        return answer
    }

    private func rightAnswer(_ request: Request) -> Answer {
        guard [.get, .head].contains(request.method) else { return Self.error(405, "UNSUPPORTED") }
        let root = request.url.firstRange(of: "/v2/")?.upperBound ?? request.url.endIndex
        let path = String(request.url[root...].replacing("%3A", with: ":").prefix { $0 != "?" })
        if path.hasPrefix("app/referrers/sha256:") {
            let index = Manifest.index([])
            return Self.answer(200, index.bytes, ManifestKind.ociIndex.mediaType.description)
        }
        guard let page = pages[path] else { return Self.error(404, "MANIFEST_UNKNOWN") }
        let range = request.headers.first { $0.name == "Range" }
        guard let range else { return page }
        return range.value.contains(",")
            ? Self.parts(of: page, range.value) : Self.part(of: page, range.value)
    }

    private static func parts(of page: Answer, _ ranges: String) -> Answer {
        var body: [UInt8] = []
        for range in ranges.dropFirst("bytes=".count).split(separator: ",") {
            let bounds = range.split(separator: "-").compactMap { Int($0) }
            body += Array("\r\n--made-up\r\ncontent-range: bytes ".utf8)
            body += Array("\(bounds[0])-\(bounds[1])/\(page.body.count)\r\n\r\n".utf8)
            body += page.body[bounds[0]...bounds[1]]
        }
        body += Array("\r\n--made-up--\r\n".utf8)
        return answer(206, body, "multipart/byteranges; boundary=\"made-up\"")
    }

    private static func part(of page: Answer, _ range: String) -> Answer {
        let size = page.body.count
        let bounds = range.dropFirst("bytes=".count)
            .split(separator: "-", omittingEmptySubsequences: false)
        let start = Int(bounds[0]) ?? size - 1
        let end = bounds[0].isEmpty ? size - 1 : Int(bounds[1]) ?? size - 1
        var part = answer(206, Array(page.body[start...end]), "application/octet-stream")
        part.headers.append(Header("Content-Range", "bytes \(start)-\(end)/\(size)"))
        return part
    }
}

extension Answer {
    /// Puts a value in the place of a header, or takes it away.
    mutating func set(_ name: String, _ value: String?) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        if let value { headers.append(Header(name, value)) }
    }
}
