// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import OCI

// containerd's configuration of registries, which Docker also reads. Each host in image names has a
// folder, and the `hosts.toml` in this folder names the registries to ask instead of the host.
//
// <https://github.com/containerd/containerd/blob/v2.1.4/docs/hosts.md>
extension ClientKit {
    /// The `hosts.toml` files for the registries that this registry mirrors, each in its own
    /// folder.
    func hostFolders(_ folder: String, in place: String) -> [KitFile] {
        mirrors.map { hostFile($0, folder: folder, place: place) }
    }

    /// The `hosts.toml` file for the registry's own name, as an array; empty if clients don't need
    /// it.
    func ownHostFolder(_ folder: String, in place: String) -> [KitFile] {
        guard address.isPlain || address.authority != nil else { return [] }
        return [hostFile(Mirror(host: address.host, places: [nil]), folder: folder, place: place)]
    }

    private func hostFile(_ mirror: Mirror, folder: String, place: String) -> KitFile {
        let name = Self.folderName(mirror.host)
        return KitFile(
            "\(folder)/\(Self.portable(name))/hosts.toml",
            for: ["\(place)/\(name)/hosts.toml"],
            text: hostsTOML(mirror.host, mirror.places)
        )
    }

    /// The CA's certificate in the folder of the registry's own name; the files in other folders
    /// refer to this certificate.
    func ownCertificate(_ folder: String, _ targets: [String]) -> [KitFile] {
        guard let authority = address.authority else { return [] }
        let path = "\(folder)/\(Self.portable(Self.folderName(address.host)))/ca.crt"
        return [KitFile(path, for: targets, text: authority.pem, kind: .certificate)]
    }

    /// The name of a host's folder, with underscores around the port instead of a colon:
    /// `registry.plant.lan_5000_`.
    static func folderName(_ host: RegistryHost) -> String {
        let text = host.description
        guard let colon = text.lastIndex(of: ":") else { return text }
        return "\(text[..<colon])_\(text[text.index(after: colon)...])_"
    }

    /// Replaces the colons of an IPv6 address in the kit's paths; the installer restores them.
    private static func portable(_ name: String) -> String {
        String(name.map { $0 == ":" ? "_" : $0 })
    }

    /// Renders a `hosts.toml` with the URLs of the images' places; containerd tries the places in
    /// turn.
    ///
    /// The last place is also the `server`. Otherwise containerd would ask the original registry
    /// last, and without internet access would wait until that request times out.
    ///
    /// containerd 1.6 ignores a file without a `host`.
    private func hostsTOML(_ host: RegistryHost, _ places: [RepositoryName?]) -> String {
        let own = host == address.host
        let trust =
            address.authority == nil ? [] : ["ca = \"../\(Self.folderName(address.host))/ca.crt\""]
        let last = places.last ?? nil
        var lines = ["server = \"\(url(last))\""] + settings(last) + trust
        for place in places {
            lines += ["", "[host.\"\(url(place))\"]"] + (settings(place) + trust).map { "  \($0)" }
        }
        let mark = own ? "\(host)" : "pull images named \(host)/… only from \(address.host)."
        return KitFile.mark(mark)
            + (own ? "" : "# Delete this file to pull them from \(host) again.\n")
            + lines.joined(separator: "\n") + "\n"
    }

    private func url(_ place: RepositoryName?) -> String {
        address.url + (place.map { "/v2/\($0)" } ?? "")
    }

    private func settings(_ place: RepositoryName?) -> [String] {
        ["capabilities = [\"pull\", \"resolve\"]"] + (place == nil ? [] : ["override_path = true"])
    }
}
