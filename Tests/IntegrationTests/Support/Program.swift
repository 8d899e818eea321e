// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Synchronization
import Testing

/// A program that some tests run, and where it comes from.
struct Program: Hashable, Sendable {
    let name: String
    /// Debian's package; empty if it has none.
    let package: String
    /// How a user gets it.
    let remedy: String

    static let nginx = Program("nginx")
    static let apache = Program("apache2", package: "apache2-bin")
    static let caddy = Program("caddy")
    static let lighttpd = Program("lighttpd")
    static let python = Program("python3")
    static let curl = Program("curl")
    static let ip = Program("ip", package: "iproute2")
    static let openssl = Program("openssl")
    static let gzip = Program("gzip")
    static let zstd = Program("zstd")
    static let tar = Program("tar")
    static let sshKeygen = Program("ssh-keygen", package: "openssh-client")
    static let rpmbuild = Program("rpmbuild", package: "rpm")
    static let faketime = Program("faketime")
    static let strace = Program("strace")
    static let ntfs = Program("ntfs-3g")
    static let makeNTFS = Program("mkntfs", package: "ntfs-3g")
    static let exfat = Program("mount.exfat-fuse", package: "exfat-fuse")
    static let makeExFAT = Program("mkfs.exfat", package: "exfatprogs")
    static let makeXFS = Program("mkfs.xfs", package: "xfsprogs")
    static let skopeo = Program("skopeo")
    static let podman = Program("podman")
    static let buildah = Program("buildah")
    static let umoci = Program("umoci")
    static let containerd = Program("containerd")
    static let ctr = Program("ctr", package: "containerd")
    static let docker = Program("docker", package: "docker.io")
    static let dockerd = Program("dockerd", package: "docker.io")
    static let runc = Program("runc")
    /// The one that needs no libraries, so that it runs in an image that has nothing else.
    static let busybox = Program("busybox", package: "busybox-static")
    static let crane = Program("crane")
    static let oras = Program("oras")
    static let buildx = Program(
        "../libexec/docker/cli-plugins/docker-buildx",
        package: "docker-buildx"
    )
    static let apptainer = Program("apptainer")
    static let incus = Program("incus")
    static let systemdPull = Program("../lib/systemd/systemd-pull", package: "systemd-container")
    static let syft = Program("syft", remedy: "NEW=1 make matrix")
    static let crio = Program("crio", package: "cri-o")
    static let crictl = Program("crictl", package: "cri-tools")
    static let nerdctl = Program("nerdctl")
    static let helm = Program("helm")
    static let cosign = Program("cosign")
    static let notation = Program("notation")
    static let registry = Program("docker-registry")
    static let rclone = Program("rclone")
    static let chromium = Program("chromium")
    static let chromeDriver = Program("chromedriver", package: "chromium-driver")
    /// Of Debian's own Python, which has it.
    static let selenium = Program(
        "../lib/python3/dist-packages/selenium",
        package: "python3-selenium"
    )
    static let html5lib = Program(
        "../lib/python3/dist-packages/html5lib",
        package: "python3-html5lib"
    )
    static let moto = Program("moto_server", remedy: "make moto")

    private init(_ name: String, package: String? = nil) {
        self.init(name, package: package ?? name, remedy: "apt install \(package ?? name)")
    }

    private init(_ name: String, package: String = "", remedy: String) {
        self.name = name
        self.package = package
        self.remedy = remedy
    }

    /// Servers stand in `sbin`, which a user's `PATH` may lack; what comes from PyPI, beside the build.
    static let searchPath =
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        + ":/usr/local/sbin:/usr/sbin:/sbin:\(repository)/.build/moto/bin:\(pypi)"

    /// Where `make matrix` installs clients of PyPI.
    static let pypi = "\(repository)/.build/pypi/bin"

    private static let repository =
        "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    var isInstalled: Bool { isInstalled(below: "") }

    /// Whether it is in the tree of a system with this root.
    func isInstalled(below root: String) -> Bool {
        Self.searchPath.split(separator: ":")
            .contains { access("\(root)\($0)/\(name)", X_OK) == 0 }
    }
}

/// What a test needs of the machine and doesn't get.
struct Missing: Error, CustomStringConvertible {
    let description: String

    /// Whether nothing may be skipped: where the whole suite has to speak.
    static var isFailure: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

    /// Skips aloud on a user's machine; fails in continuous integration.
    static func skip(_ reason: String) throws -> Bool {
        guard !isFailure else { throw Missing(description: reason) }
        let isNew = said.withLock { $0.insert(reason).inserted }
        if isNew { print("SKIPPED: \(reason)") }
        return false
    }

    private static let said = Mutex<Set<String>>([])
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where its programs are.
    static func needs(_ programs: Program...) -> Self { needs(programs) }

    /// Every server that a site brings configuration for, and these.
    static func needsEveryServer(and others: Program...) -> Self {
        needs(SiteServer.Kind.allCases.map(\.program) + others)
    }

    private static func needs(_ programs: [Program]) -> Self {
        let names = programs.map(\.name).joined(separator: ", ")
        return .enabled("needs \(names)") {
            let missing = programs.filter { !$0.isInstalled }
            guard !missing.isEmpty else { return true }
            let remedies = Set(missing.map(\.remedy)).sorted().joined(separator: "; ")
            return try Missing.skip(
                "no \(missing.map(\.name).joined(separator: ", ")): \(remedies)"
            )
        }
    }

    /// Runs a test only as root: image stores of others need user namespaces that are set up.
    static var needsRoot: Self {
        .enabled("needs root") {
            try geteuid() == 0 || Missing.skip("not root: no image stores")
        }
    }

    /// Runs a test only where it may mount file systems.
    static var needsMounts: Self {
        .enabled("needs the right to mount") {
            guard !Mount.isPossible else { return true }
            return try Missing.skip("no right to mount file systems: run the tests as root")
        }
    }

    /// Runs a test only with trees of newer Debian releases, which `make matrix` makes if asked to.
    static var needsTrees: Self {
        .enabled("needs trees of newer Debian releases") {
            if Debian.trees.isEmpty { print("SKIPPED: no newer clients: NEW=1 make matrix") }
            return !Debian.trees.isEmpty
        }
    }

    /// Runs a test only with a kubelet, which the environment names.
    static var needsKubelet: Self {
        .enabled("needs a kubelet") {
            if KubeletNode.program == nil {
                print("SKIPPED: no kubelet: make matrix KUBELET=/path/to/kubelet")
            }
            return KubeletNode.program != nil
        }
    }

    /// Runs a test only where FUSE is.
    ///
    /// It is a matter of the kernel: nothing that could be installed.
    static var needsForeignMedia: Self {
        .enabled("needs FUSE") {
            if !Medium.isPossible { print("SKIPPED: no FUSE, or no right to mount: no media") }
            return Medium.isPossible
        }
    }
}
