// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import OCI

// <https://github.com/containers/image/blob/v5.36.2/docs/containers-registries.conf.5.md>
extension ClientKit {
    var podman: ClientSetup {
        let folder = "containers/certs.d"
        let certificate = ownCertificate(folder, ["/etc/containers/certs.d/\(address.host)/ca.crt"])
        return ClientSetup(
            .podman,
            registriesConf + certificate,
            notes: [
                "podman, buildah and skopeo read these files at every run. For CRI-O, run: systemctl reload crio",
                "Nodes with CRI-O also need its pause image here. Its name: crio config | grep pause_image",
                shortNames
                    ? "These files make a name without a registry, such as app:1.0, mean \(shortNameHost)/app:1.0."
                    : "Write names with their registry, such as docker.io/library/nginx, or use clients --short-names.",
                "skopeo inspect asks the original registry for its list of tags; --no-tags prevents that.",
            ]
                + exampleNote("podman pull")
        )
    }

    /// The file that replaces the locations of the original registries, because podman would ask an
    /// original registry after its mirrors.
    private var registriesConf: [KitFile] {
        let tables =
            (address.isPlain ? [table(prefix: nil, places: [nil])] : [])
            + mirrors.map { table(prefix: "\($0.host)", places: $0.places) }
        guard !tables.isEmpty || shortNames else { return [] }
        let name = "registries.conf.d/50-regstatic.conf"
        return [
            KitFile(
                "containers/\(name)",
                for: ["/etc/containers/\(name)"],
                text: KitFile.mark("pull the images of these registries only from \(address.host).")
                    + (shortNames ? searchList : "") + tables.joined()
            )
        ]
    }

    /// Only one registry, because podman asks which one is meant if there are several.
    private var searchList: String {
        """

        # The registry of names without one. It replaces the list of registries.conf.
        unqualified-search-registries = ["\(shortNameHost)"]

        """
    }

    /// The registry of names without one: Docker Hub as for Docker, if this registry mirrors it.
    package var shortNameHost: String {
        mirrors.contains { $0.host.description == Reference.dockerHub }
            ? Reference.dockerHub : address.host.description
    }

    /// Renders the `[[registry]]` table of a registry; clients try the table's mirrors in turn, and
    /// then its location.
    private func table(prefix: String?, places: [RepositoryName?]) -> String {
        var lines = ["", "[[registry]]"]
        if let prefix { lines.append("prefix = \"\(prefix)\"") }
        lines += location(places.last ?? nil)
        for place in places.dropLast() { lines += ["[[registry.mirror]]"] + location(place) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func location(_ place: RepositoryName?) -> [String] {
        ["location = \"\(address.host)\(place.map { "/\($0)" } ?? "")\""]
            + (address.isPlain ? ["insecure = true"] : [])
    }
}
