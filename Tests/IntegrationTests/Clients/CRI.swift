// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport

/// The interface by which the kubelet asks an engine to pull images: gRPC over a socket.
///
/// <https://github.com/kubernetes/cri-api/blob/v0.29.0/pkg/apis/runtime/v1/api.proto>
struct CRI {
    private let workspace: Workspace
    private let socket: String

    init(_ workspace: Workspace, socket: String) {
        self.workspace = workspace
        self.socket = socket
    }

    /// Pulls an image; the engine's own error is in the failure.
    func pull(_ name: String) throws { try call("PullImage", name) }

    /// Removes an image, under all of its names.
    ///
    /// After `ctr images rm`, the engine goes on to have the image for a moment.
    func remove(_ name: String) throws { try call("RemoveImage", name) }

    private func call(_ method: String, _ name: String) throws {
        // Both requests have the field image (1), and its ImageSpec the field image (1).
        let message = Self.field(1, Self.field(1, Array(name.utf8)))
        let request = try workspace.folder.write("request.grpc", Self.frame(message))
        let curl =
            try workspace.run(
                "curl",
                "-sS",
                "--http2-prior-knowledge",
                "--unix-socket",
                socket,
                "-H",
                "Content-Type: application/grpc",
                "-H",
                "TE: trailers",
                "--data-binary",
                "@\(request)",
                "-o",
                "/dev/null",
                "-D",
                "-",
                "http://localhost/runtime.v1.ImageService/\(method)"
            )
            .succeeded()
        guard !curl.text.contains("grpc-status: 0") else { return }
        throw CommandFailure(curl, "got a refusal of \(name): \(curl.text)")
    }

    /// A field of variable length in the wire format of protocol buffers.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count < 1 << 14, "a name of an image")
        let length =
            bytes.count < 128
            ? [UInt8(bytes.count)] : [UInt8(bytes.count & 127) | 128, UInt8(bytes.count >> 7)]
        return [number << 3 | 2] + length + bytes
    }

    /// A message of gRPC: not compressed, and its length in four bytes.
    private static func frame(_ message: [UInt8]) -> [UInt8] {
        [0, 0, 0, UInt8(message.count >> 8), UInt8(message.count & 255)] + message
    }
}
