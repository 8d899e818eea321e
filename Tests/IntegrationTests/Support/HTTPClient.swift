// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI

/// An answer, as it came over the wire: nothing decoded.
struct Response: Sendable {
    let status: Int
    /// Names in lower case, in the order in which they came.
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    /// The digest of the body, as a registry would name it.
    var digest: String { Digest(of: body).description }

    /// The header's one value; nil if there is none, or more than one.
    subscript(_ name: String) -> String? {
        let values = headers.filter { $0.name == name }
        return values.count == 1 ? values.first?.value : nil
    }
}

/// HTTP requests by curl.
struct HTTPClient: Sendable {
    private let workspace: Workspace
    private let endpoint: Endpoint

    init(_ workspace: Workspace, _ endpoint: Endpoint) {
        self.workspace = workspace
        self.endpoint = endpoint
    }

    func get(_ path: String, _ headers: String...) throws -> Response {
        try request(["-X", "GET"], path, headers)
    }

    func head(_ path: String, _ headers: String...) throws -> Response {
        try request(["--head"], path, headers)
    }

    /// A request that would change something.
    func send(_ method: String, _ path: String) throws -> Response {
        try request(["-X", method, "--data-binary", "{}"], path, [])
    }

    /// The same request many times over one connection.
    func getAll(_ path: String, times: Int) throws -> [Response] {
        // What curl counts in brackets is a query that the server ignores.
        let bytes = try curl(["-X", "GET"], "\(path)?[1-\(times)]", [])
        var answers: [Response] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let (answer, length) = try Self.parse(rest)
            guard let text = answer["content-length"], let count = Int(text),
                count <= answer.body.count
            else { throw Missing(description: "an answer of unknown length") }
            let body = Array(answer.body.prefix(count))
            answers.append(Response(status: answer.status, headers: answer.headers, body: body))
            rest = rest.dropFirst(length + count)
        }
        return answers
    }

    private func request(_ method: [String], _ path: String, _ headers: [String]) throws
        -> Response
    {
        try Self.parse(try curl(method, path, headers)[...]).answer
    }

    private func curl(_ method: [String], _ path: String, _ headers: [String]) throws -> [UInt8] {
        var arguments = ["curl", "-q", "--silent", "--show-error", "--path-as-is", "--include"]
        arguments += ["--max-time", "20"] + method
        if let authority = endpoint.authority { arguments += ["--cacert", authority.certificate] }
        arguments += headers.flatMap { ["-H", $0] }
        let job = try workspace.start(arguments + [endpoint.url + path])
        return try job.wait(60).succeeded().output
    }

    /// Waits until something listens that need not speak HTTP.
    static func waitForPort(_ address: String, _ workspace: Workspace) throws {
        for _ in 0..<200 {
            // 7: nothing listens.
            if try workspace.run("curl", "-q", "-s", "-m", "1", "http://\(address)/").status != 7 {
                return
            }
            usleep(50_000)
        }
        throw Missing(description: "nothing listens at \(address)")
    }

    /// Splits what `--include` printed: an answer with all that follows it, and its head's length.
    private static func parse(_ bytes: ArraySlice<UInt8>) throws -> (answer: Response, head: Int) {
        guard let end = bytes.prefix(8192).firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Missing(description: "no HTTP answer")
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw Missing(description: "no HTTP status") }
        let headers = lines.dropFirst()
            .map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
                return (parts[0].lowercased(), String(value))
            }
        let answer = Response(
            status: status,
            headers: headers,
            body: Array(bytes[end.upperBound...])
        )
        return (answer, end.upperBound - bytes.startIndex)
    }
}
