// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Testing

@Suite struct ImageListTests {
    private func names(_ text: String) -> [String] { ImageList(text).images.map(\.description) }

    @Test func plainList() {
        let list = ImageList(
            """
            # what kubeadm needs
            registry.k8s.io/pause:3.9
            nginx
              - quay.io/a/b@sha256:\(String(repeating: "a", count: 64))   # twice
            nginx
            "ghcr.io/x/y:1", 'z/w:2'
            I1128 12:00:00 remote version is newer
            """
        )
        #expect(
            list.images.map(\.description) == [
                "registry.k8s.io/pause:3.9", "docker.io/library/nginx",
                "quay.io/a/b@sha256:\(String(repeating: "a", count: 64))", "ghcr.io/x/y:1",
                "docker.io/z/w:2",
            ]
        )
        let unread = ImageList.Unread(line: 7, text: "I1128 12:00:00 remote version is newer")
        #expect(list.unread == [unread])
    }

    /// Each line has the image `a/b:1`, and no other.
    @Test(arguments: [
        "    image: a/b:1", "  - image: a/b:1 # comment", "- image: \"a/b:1\"", "image: 'a/b:1'",
        "{name: x, image: a/b:1}", "{image: a/b:1, name: x}", #"{"image":"a/b:1","name":"x"}"#,
        #"  "image" : "a/b:1","#, #"last: '{\"spec\":{\"image\":\"a/b:1\"}}'"#,
        "image:\ta/b:1", #"{"note":"see #2","image":"a/b:1"}"#,
    ])
    func manifestLine(_ line: String) {
        let list = ImageList(line)
        #expect(list.images.map(\.description) == ["docker.io/a/b:1"])
        #expect(list.unread == [])
    }

    @Test func manifestWithOtherLines() {
        let text = """
            kind: Pod
            metadata: {annotations: {image-policy: "no/image:1"}}
            spec:
              imagePullPolicy: Always
              containers:
              - image: a/b:1
                ports: ["8080:80"]
              # - image: commented/out:1
              - {name: c, base-image: no/no:1, image: c/d}
            properties:
              image:
                type: string
              image: {type: string}
              image: null
            """
        #expect(names(text) == ["docker.io/a/b:1", "docker.io/c/d"])
        #expect(ImageList(text).unread == [])
    }

    @Test(arguments: [
        #"image: "{{ .Values.image }}""#, "image: {{ .Values.image }}", "image: app:${TAG:-1}",
        "image: Not/Valid:1 x", "image: $(IMAGE)",
    ])
    func valueThatIsNoName(_ line: String) {
        let list = ImageList("image: a\n\n  \(line)")
        #expect(list.images.map(\.description) == ["docker.io/library/a"])
        #expect(list.unread == [ImageList.Unread(line: 3, text: line)])
    }

    @Test(arguments: ["", "\n\n", "# nothing\n"]) func nothing(_ text: String) {
        #expect(ImageList(text).images == [])
        #expect(ImageList(text).unread == [])
    }
}
