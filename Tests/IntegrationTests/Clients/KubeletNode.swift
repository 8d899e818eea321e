// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport

/// A node of Kubernetes: containerd, and a kubelet that runs the pods of a folder.
///
/// Only the kit's `install.sh` sets up the node for the registry.
final class KubeletNode {
    /// The kubelet that the environment names.
    static let program: String? = ProcessInfo.processInfo.environment["KUBELET"]
        .flatMap { $0.isEmpty ? nil : $0 }

    private static let script = "\(Fixture.tests)/Clients/kubelet.sh"

    private let workspace: Workspace
    private let folder: TemporaryFolder
    private let job: Job
    private let status: HTTPClient

    /// What a pod's only container is doing.
    struct Pod {
        /// The digest of the image; nil before the container runs.
        let image: Digest?
        /// Why the container waits; nil if it runs.
        let reason: String?
        let message: String
    }

    init(_ workspace: Workspace, kit: String) throws {
        guard let kubelet = Self.program else { throw Missing(description: "no KUBELET") }
        self.workspace = workspace
        folder = try TemporaryFolder()
        try folder.makeFolder("pods")
        let ports = [try NginxServer.freePort(), try NginxServer.freePort()]
        status = HTTPClient(workspace, Endpoint(host: "127.0.0.1:\(ports[1])", authority: nil))
        let namespaces = [
            "unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
        ]
        let node = ["sh", Self.script, kubelet, kit, folder.path] + ports.map { "\($0)" }
        job = try workspace.start(namespaces + node)
        do {
            try waitUntil("the kubelet answers") { try status.get("/pods").status == 200 }
        } catch {
            stop()
            throw error
        }
    }

    /// Ends the containers, too.
    func stop() {
        _ = try? folder.write("stop", "")
        _ = try? job.wait(30)
    }

    func run(_ pod: String, image: String, policy: PullPolicy) throws {
        let manifest = """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(pod), namespace: default}
            spec:
              hostNetwork: true
              terminationGracePeriodSeconds: 0
              containers:
              - {name: main, image: "\(image)", imagePullPolicy: \(policy.rawValue)}

            """
        // The kubelet reads every name that doesn't start with a dot.
        try folder.write(".\(pod)", manifest)
        try workspace.run("mv", folder[".\(pod)"], folder["pods/\(pod).yaml"]).succeeded()
    }

    enum PullPolicy: String {
        case always = "Always"
        case ifNotPresent = "IfNotPresent"
    }

    /// Waits until a pod is as it should be.
    func wait(for pod: String, until isRight: (Pod) -> Bool) throws {
        var last: Pod?
        do {
            try waitUntil("\(pod) is as it should be") {
                last = try self.pod(pod)
                return last.map(isRight) ?? false
            }
        } catch { throw Missing(description: "\(error); it is \(last as Any)") }
    }

    private func pod(_ name: String) throws -> Pod? {
        let pods = try JSON(parsing: try status.get("/pods").body)["items"]?.array ?? []
        let pod = pods.first { $0["metadata"]?["name"]?.string == "\(name)-node" }
        guard let container = pod?["status"]?["containerStatuses"]?.array?.first else { return nil }
        let state = container["state"]
        let image = container["imageID"]?.string?.split(separator: "@").last.map(String.init)
        return Pod(
            image: state?["running"] == nil ? nil : image.flatMap { Digest($0) },
            reason: state?["waiting"]?["reason"]?.string,
            message: state?["waiting"]?["message"]?.string ?? ""
        )
    }

    /// The hosts that containerd has asked for anything.
    func hostsAsked() throws -> Set<String> {
        let requests = try folder.text("containerd.log")
            .matches(of: #/msg="do request"(?: .*?)? host="?([^ "]+)/#)
        return Set(requests.map { String($0.output.1) })
    }

    private func waitUntil(_ what: String, _ isDone: () throws -> Bool) throws {
        for _ in 0..<300 where job.isRunning {
            if (try? isDone()) == true { return }
            usleep(200_000)
        }
        let log = (try? folder.text("containerd.log")) ?? ""
        let failures = log.split(separator: "\n").filter { $0.contains("level=error") }
        throw Missing(
            description: """
                not in time: \(what)
                \(job.errors)\(failures.suffix(3).joined(separator: "\n"))
                """
        )
    }
}
