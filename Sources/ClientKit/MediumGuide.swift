// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// README.txt at the top of a site that has programs: how to check, copy and serve the site with
/// nothing but its medium.
package struct MediumGuide: DerivedFiles {
    package init() {}

    package func files(for contents: SiteContents, _ plan: SitePlan) -> [FileContent] {
        let programs = contents.index.programs
        guard let first = Self.example(programs) else { return [] }
        let parts = [
            Self.introduction, Self.signature, Self.preparation(programs, first),
            Self.commands(contents),
        ]
        let text = parts.joined(separator: "\n\n") + "\n"
        return [FileContent(SitePrograms.guide, Array(text.utf8))]
    }

    /// The machine that the examples are for; nil if the site has no programs.
    package static func example(_ programs: SitePrograms) -> Machine? {
        programs[.amd64] == nil ? programs.machines.first : .amd64
    }

    /// The commands that copy a program from the medium and make the copy executable.
    package static func preparation(of machine: Machine) -> [String] {
        ["cp \(SitePrograms.path(machine)) ~/regstatic", "chmod +x ~/regstatic"]
    }

    private static let introduction = """
        \(SitePrograms.guideMark)

        The folder of this file has container images, and files from which a web server serves them to docker,
        podman, containerd and others. The program regstatic in program/ checks, copies and serves them. It runs on
        any Linux, and needs neither installation nor internet access. Web servers don't serve program/ and this file.

        Run all commands in the folder of this file, for example after: cd /media/stick/site
        """

    private static let signature = """
        1. If somebody could have changed the medium: check its signature first

        A program on a medium can't vouch for that medium: somebody who changed the images could have changed the
        program and this file, too. Before you run the program, check the signature with the ssh-keygen of your own
        machine, and with a key that came to you by another way than the medium. The file allowed_signers has a line
        with a name and the key, such as: home ssh-ed25519 AAAA...

          ssh-keygen -Y verify -f ~/allowed_signers -I home -n regstatic-site -s signatures/*.sig <index.json
          grep -q "$(sha256sum <SHA256SUMS | cut -c 1-64)" index.json && echo "the list is signed"
          grep "  program/" SHA256SUMS | sha256sum -c

        Go on only if the first command prints "Good", the second "the list is signed", and the third "OK" for each
        program. If the medium isn't signed, the program finds accidental damage, but no forgery.
        """

    private static func preparation(_ programs: SitePrograms, _ first: Machine) -> String {
        let width = programs.machines.map(\.kernelNames.count).max() ?? 0
        let list = programs.machines.map { machine in
            let names = machine.kernelNames
            let gap = String(repeating: " ", count: width - names.count)
            return "  \(names)\(gap)   \(SitePrograms.path(machine))"
        }
        return """
            2. Copy the program to the machine

            FAT doesn't mark files as programs, and many systems don't run programs from a medium. So copy the program to
            your home folder, or to another folder from which programs can run. Choose it by what `uname -m` prints:

            \(list.joined(separator: "\n"))

            \(preparation(of: first).map { "  \($0)" }.joined(separator: "\n"))
            """
    }

    private static func commands(_ contents: SiteContents) -> String {
        let example = contents.example ?? "NAME:TAG"
        let hasPython = contents.index.servers.contains("python")
        let python = """


            Without nginx, but with Python 3.6 or later:

              python3 servers/python/serve.py --listen 0.0.0.0:5000
            """
        return """
            3. Check, copy, serve

            Read every byte, and compare it with its digest. If the medium is signed, this checks all of it:

              ~/regstatic verify .
              ~/regstatic verify . --signers ~/allowed_signers

            \(copy(contents.index.layout))

              ~/regstatic build . -o ~/site

            Serve the images to all machines of the network, with nginx, which must be installed. Instead of the dot, you
            can name the copy. Ctrl-C stops the server:

              ~/regstatic serve . --listen 0.0.0.0:5000\(hasPython ? python : "")

            Then pull, with the name of this machine in place of HOST. It is plain HTTP, which clients allow only for
            localhost or with a setting; `~/regstatic clients --help` and `~/regstatic tls --help` tell more:

              docker pull HOST:5000/\(example)
            """
    }

    private static func copy(_ layout: SiteLayout) -> String {
        switch layout {
        case .plain:
            """
            If the images shall stay here without the medium, copy them. This checks every byte, too:
            """
        case .portable:
            """
            This medium can be served as it is. If the images shall stay here without it, or be served by a server that
            has no rules in servers/, make a plain site. This checks every byte, too:
            """
        }
    }
}
