// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Publishing
import SiteModel
import Site
import SiteTestSupport
import Store
import TestSupport
import Testing

/// A client that reads the remote after each single object that a delivery sends or removes.
@Suite struct ReaderTests {
    /// All tags move, with a new kind of manifest; one image has an index, another a referrer.
    private func publications(_ form: RemoteForm) throws -> (old: Publication, new: Publication) {
        let site = try BuiltSite()
        let others = ["docker28ctr-multiarch-attested.tar", "oci-referrers"].map(Fixture.path)
        try site.build([Fixture.path("docker20-many.tar")]) { $0.manifestKind = .dockerManifest }
        try site.build(others) { $0.given = [GivenName("nginx")].compactMap(\.self) }
        let old = try Samples.publication(site, as: form)
        try site.build([Fixture.path("docker28-many.tar")])
        return (old, try Samples.publication(site, as: form))
    }

    /// rclone sends the objects of a step in any order.
    @Test(arguments: [RemoteForm.objects, .files], [false, true])
    func everyTagIsWholeAfterEachObject(_ form: RemoteForm, _ isReversed: Bool) throws {
        let (old, new) = try publications(form)
        var remote = Remote(form)
        #expect(
            try changes(of: &remote, to: old, from: [], isReversed) { remote in
                try remote.tags().values.allSatisfy { $0.count == 1 }
            } > 20
        )
        let before = try remote.tags()
        var after = before
        let count = try changes(of: &remote, to: new, from: old.objects, isReversed) { remote in
            let tags = try remote.tags()
            after.merge(tags) { $1 }
            // A tag of a portable site has files of two kinds for a moment.
            return Set(before.keys).isSubset(of: tags.keys)
        }
        #expect(count > 20)
        #expect(after.values.allSatisfy { $0.count == 1 })
        #expect(before.count { after[$0.key] != $0.value } >= 5)
        #expect(Set(remote.objects.keys).isSuperset(of: new.objects.map(\.key)))
    }

    /// Applies a delivery, and returns the number of changes of the remote.
    private func changes(
        of remote: inout Remote,
        to publication: Publication,
        from present: [Publication.Object],
        _ isReversed: Bool,
        isWhole: (Remote) throws -> Bool
    ) throws -> Int {
        let form = publication.form
        let delivery = Delivery(
            of: publication,
            to: RemoteTraits(form: form, copies: true, holdsRootKey: true, hash: .md5),
            holding: Samples.inventory(present)
        )
        let objects = Dictionary(uniqueKeysWithValues: publication.objects.map { ($0.key, $0) })
        var count = 0
        for step in delivery.steps {
            var changed: [(key: String, object: Publication.Object?)] =
                switch step {
                case .send(let batch): batch.objects.map { ($0.key, $0) }
                case .copy(let copy):
                    copy.names.map { ("\(copy.target)/\($0)", objects["\(copy.target)/\($0)"]) }
                case .sendRoot(let object): [(object.key, object)]
                case .remove(let keys): keys.map { ($0, nil) }
                }
            if isReversed { changed.reverse() }
            for (key, object) in changed {
                remote.objects[key] = object
                count += 1
                #expect(try isWhole(remote), "\(form), after \(key)")
            }
        }
        return count
    }
}

/// What a client finds on a remote; it knows docs/publish.md and docs/site.md.
private struct Remote {
    private struct Half: Error { let path: String }

    let form: RemoteForm
    var objects: [String: Publication.Object] = [:]

    init(_ form: RemoteForm) { self.form = form }

    /// Pulls each tag of the lists, with all platforms, referrers and blobs.
    func tags() throws -> [String: Set<Digest>] {
        var found: [String: Set<Digest>] = [:]
        guard objects["v2/_catalog"] != nil else { return found }
        for name in try strings("repositories", of: "v2/_catalog") {
            for tag in try strings("tags", of: "v2/\(name)/tags/list") {
                let manifests = try tagged(name, tag)
                for bytes in manifests { try pull(name, bytes) }
                found["\(name):\(tag)"] = Set(manifests.map(Digest.init(of:)))
            }
        }
        return found
    }

    private func bytes(_ key: String) throws -> [UInt8] {
        guard case .bytes(let bytes)? = objects[key]?.content else { throw Half(path: key) }
        return bytes
    }

    private func strings(_ member: String, of key: String) throws -> [String] {
        try #require(try JSON(parsing: try bytes(key))[member]?.array).compactMap(\.string)
    }

    /// All that a server may send for a tag.
    private func tagged(_ name: String, _ tag: String) throws -> [[UInt8]] {
        let path = "v2/\(name)/manifests/"
        guard form == .files else { return [try bytes(path + tag)] }
        let mark = tag == tag.lowercased() ? "_" : "+"
        let found = kinds(of: "\(path)\(mark)\(tag)")
        guard !found.isEmpty else { throw Half(path: path + tag) }
        return found
    }

    private func kinds(of stem: String) -> [[UInt8]] {
        ManifestKind.allCases.compactMap { try? bytes("\(stem).\($0.rawValue)") }
    }

    private func pull(_ name: String, _ manifest: [UInt8]) throws {
        let json = try JSON(parsing: manifest)
        let referrers = "v2/\(name)/referrers/"
        let digest = Digest(of: manifest)
        let list = form == .files ? "\(digest.hex).oci-index" : "\(digest)"
        var children = json["manifests"]?.array ?? []
        if let bytes = try? bytes(referrers + list) {
            children += try JSON(parsing: bytes)["manifests"]?.array ?? []
        }
        for child in try children.map(Self.digest) { try pull(name, try byDigest(name, child)) }
        let parts = [json["config"]].compactMap(\.self) + (json["layers"]?.array ?? [])
        for blob in try parts.map(Self.digest) {
            let key = form == .files ? blob.blobPath : "v2/\(name)/blobs/\(blob)"
            guard case .blob(blob)? = objects[key]?.content else { throw Half(path: key) }
        }
    }

    private func byDigest(_ name: String, _ digest: Digest) throws -> [UInt8] {
        let path = "v2/\(name)/manifests/\(digest)"
        let found =
            form == .files ? kinds(of: "manifests/sha256/\(digest.hex)") : [try bytes(path)]
        guard let manifest = found.first, Digest(of: manifest) == digest else {
            throw Half(path: path)
        }
        return manifest
    }

    private static func digest(_ descriptor: JSON) throws -> Digest {
        try #require(descriptor["digest"]?.string.flatMap { Digest($0[...]) })
    }
}
