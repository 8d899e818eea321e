// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A check of one condition of the contract between registries and their clients.
///
/// Each check is an element of one of the lists in `Check.all`. A check has a condition with its
/// reason, the clients that fail if the condition is false, a fix for each kind of server, and a
/// function that examines the server.
package struct Check: Sendable {
    /// The chapters of the report.
    package enum Group: String, Sendable, CaseIterable {
        case connection, registry, manifests, blobs, absence
        case writing
    }

    /// Whether the check runs once, or for every repository of the sample.
    enum Scope: Sendable { case registry, repository }

    /// A short, stable name of the check, for programs that read the report.
    package let id: String
    package let group: Group
    /// The condition that is true if the check passes.
    package let title: String
    /// The clause of a specification or the behavior of a client that makes the condition
    /// necessary.
    package let reason: String
    package let breaks: [Breakage]
    package let fix: Fix
    let scope: Scope
    let examine: @Sendable (inout CheckRun) -> Void

    init(
        _ id: String,
        _ group: Group,
        _ title: String,
        reason: String,
        breaks: [Breakage],
        fix: Fix,
        scope: Scope = .repository,
        examine: @escaping @Sendable (inout CheckRun) -> Void
    ) {
        self.id = id
        self.group = group
        self.title = title
        self.reason = reason
        self.breaks = breaks
        self.fix = fix
        self.scope = scope
        self.examine = examine
    }

    /// All checks, in the order in which the report lists them.
    package static let all: [Check] =
        connection + registry + manifests + blobs + absence + writing
}

/// Programs that pull images; programs that share their code for pulling are one group.
package enum AffectedClient: String, Sendable, CaseIterable {
    case docker = "docker"
    case containerd = "containerd, Kubernetes"
    case podman = "podman, skopeo, CRI-O"
    case crane = "crane, ko, cosign"
    case oras = "oras, helm"
    case regctl = "regctl"
    case apple = "Apple container"
    case lazy = "nydus, stargz"
}

/// A client that fails because of a fault, and the client's message or behavior.
package struct Breakage: Hashable, Sendable {
    package let client: AffectedClient
    package let message: String

    init(_ client: AffectedClient, _ message: String) {
        self.client = client
        self.message = message
    }
}
