// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The parts of `install.sh`, compiled into the binary.
package enum InstallerTemplate {
    /// The whole script: a function of the version of regstatic only.
    package static let script: [UInt8] =
        PackageResources.head_sh + PackageResources.files_sh + PackageResources.merge_sh
        + PackageResources.services_sh + PackageResources.docker_sh
        + PackageResources.containerd_sh + PackageResources.podman_sh
        + PackageResources.rancher_sh + PackageResources.system_sh + PackageResources.main_sh
}
