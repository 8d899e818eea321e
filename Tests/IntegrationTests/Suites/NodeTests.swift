// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

// `install.sh` on this machine, with engines that run: `/etc`, `/var/lib` and `/run` are copies that only
// the test sees.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl), .needsMounts)
    struct NodeTests {
        /// Runs a script on the node; it has $kit, the functions below, and a work folder in memory.
        private static let node = """
            set -eu
            mount -t tmpfs tmpfs /mnt
            for folder in etc var/lib; do
                mkdir -p /mnt/$folder/upper /mnt/$folder/work
                mount -t overlay -o lowerdir=/$folder,upperdir=/mnt/$folder/upper,workdir=/mnt/$folder/work \
            overlay /$folder
            done
            mount -t tmpfs tmpfs /run
            mkdir -p /etc/containerd /run/containerd /var/lib/containers
            mount -t tmpfs tmpfs /var/lib/containers
            rm -f /etc/containerd/config.toml
            start_containerd() {
                containerd --root /mnt/root --state /run/state >/mnt/log 2>&1 &
                containerd=$!
                for _ in $(seq 100); do ! ctr version >/dev/null 2>&1 || return 0; sleep 0.1; done
                cat /mnt/log >&2
                return 1
            }
            stop_containerd() { kill $containerd; wait $containerd || :; }
            # A command after an exclamation mark doesn't end the script.
            fails() { ! "$@"; }
            copy() { rm -rf /mnt/before; cp -a /etc /mnt/before; }
            same() { diff -r --no-dereference /mnt/before /etc >&2 && [ ! -e /var/lib/regstatic ]; }

            """

        private func run(_ script: String, _ served: KitTests.Installed) throws -> Outcome {
            let path = try served.workspace.folder.write("node.sh", Self.node + script)
            let kit = served.workspace["site/clients/install.sh"]
            // Its own processes: install.sh finds no other engine, and none is left.
            let namespaces = ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
            return try served.workspace
                .start(["unshare"] + namespaces + ["sh", path, kit])
                .wait(120)
        }

        /// Saves a pause image under the name that this machine's containerd has for it.
        private func savePause(_ served: KitTests.Installed) throws -> String {
            let archive = served.workspace["pause.tar"]
            try served.workspace
                .run(
                    "sh",
                    "-euc",
                    """
                    pause=$(containerd config default | sed -n 's/^ *sandbox_image = "\\(.*\\)"/\\1/p')
                    skopeo --insecure-policy copy -q docker-archive:$1 "docker-archive:$2:$pause"
                    """,
                    "sh",
                    Fixture.docker20One,
                    archive
                )
                .succeeded()
            return archive
        }

        /// The configurations of Debian's package and of `containerd config default`, and none.
        @Test(.needs(.containerd, .ctr, .skopeo), arguments: ["debian", "default", "none"])
        func containerd(_ config: String) throws {
            let served = try KitTests.Installed(.https, [])
            defer { served.server.stop() }
            let pause = try savePause(served)
            let outcome = try run(
                """
                config=/etc/containerd/config.toml
                case \(config) in
                    debian) printf '%s\\n' 'version = 2' '[plugins]' \\
                        '  [plugins."io.containerd.grpc.v1.cri"]' \\
                        '    [plugins."io.containerd.grpc.v1.cri".cni]' \\
                        '      bin_dir = "/usr/lib/cni"' >$config ;;
                    default) containerd config default >$config ;;
                esac
                copy
                start_containerd
                fails sh "$1" kubernetes >/mnt/first 2>&1
                grep -q 'config_path, so pods' /mnt/first
                fails sh "$1" --write-config kubernetes >/mnt/second 2>&1
                grep -q "containerd started before $config changed. Run: " /mnt/second
                containerd config dump | grep -q 'config_path = "/etc/containerd/certs.d"'
                stop_containerd
                start_containerd
                fails sh "$1" kubernetes >/mnt/third 2>&1
                cat /mnt/third >&2
                grep -q 'the pause image, registry.k8s.io/pause:.*, without which' /mnt/third
                '\(Workspace.regstatic)' build -q '\(pause)' -o '\(served.workspace["site"])'
                sh "$1" --check ghcr.io/acme/tool:1.0.html kubernetes >&2
                stop_containerd
                sh "$1" --uninstall >&2
                same
                """,
                served
            )
            #expect(outcome.status == 0, "\(outcome)")
        }

        /// A file in `imports` with a table of the CRI plugin replaces that of the main file.
        @Test(.needs(.containerd, .ctr))
        func aConfigurationThatIsNotChanged() throws {
            let served = try KitTests.Installed(.https, [])
            defer { served.server.stop() }
            let outcome = try run(
                """
                printf '%s\\n' 'version = 2' 'imports = ["/etc/containerd/more.conf"]' \\
                    >/etc/containerd/config.toml
                printf '%s\\n' 'version = 2' '[plugins."io.containerd.grpc.v1.cri"]' \\
                    '  sandbox_image = "corp/pause"' >/etc/containerd/more.conf
                copy
                fails sh "$1" --write-config kubernetes >/mnt/first 2>&1
                cat /mnt/first >&2
                grep -q 'config_path has no effect there' /mnt/first
                cmp /etc/containerd/config.toml /mnt/before/containerd/config.toml
                sh "$1" --uninstall
                same
                """,
                served
            )
            #expect(outcome.status == 0, "\(outcome)")
        }

        /// Neither the files nor the record change if one file can't be replaced, here a mount point.
        @Test func aFileThatCannotBeReplaced() throws {
            let served = try KitTests.Installed(.https, [])
            defer { served.server.stop() }
            let outcome = try run(
                """
                mkdir -p /etc/docker
                echo '{"debug": false}' >/etc/docker/daemon.json
                copy
                cp /etc/docker/daemon.json /mnt/daemon.json
                mount --bind /mnt/daemon.json /etc/docker/daemon.json
                fails sh "$1" --no-check docker >/mnt/first 2>&1
                cat /mnt/first >&2
                grep -q 'nothing was changed' /mnt/first
                umount /etc/docker/daemon.json
                same
                sh "$1" --no-check docker >&2
                cp /etc/docker/daemon.json /mnt/daemon.json
                mount --bind /mnt/daemon.json /etc/docker/daemon.json
                fails sh "$1" --uninstall >&2
                umount /etc/docker/daemon.json
                sh "$1" --uninstall >&2
                same
                """,
                served
            )
            #expect(outcome.status == 0, "\(outcome)")
        }

        /// The site that the kit names, and not another registry, is asked for a name without one.
        @Test(.needs(.podman))
        func shortNames() throws {
            let served = try KitTests.Installed(.https, [])
            defer { served.server.stop() }
            let clients = "'\(Workspace.regstatic)' clients -q '\(served.workspace["site"])'"
            let options = "--host '\(served.host)' --ca '\(served.workspace["trust/ca.crt"])'"
            let outcome = try run(
                """
                export STORAGE_DRIVER=vfs
                copy
                sh "$1" podman >&2
                fails podman pull -q zoo/hello:2
                \(clients) \(options) --short-names
                sh "$1" podman >&2
                podman pull -q zoo/hello:2
                podman image exists docker.io/zoo/hello:2
                sh "$1" --uninstall >&2
                same
                """,
                served
            )
            #expect(outcome.status == 0, "\(outcome)")
        }

        /// What curl says about a server with a certificate of another CA.
        @Test(.needs(.podman))
        func aChangedCA() throws {
            let served = try KitTests.Installed(.https, [])
            let other = try KitTests.Installed(.https, [])
            defer {
                served.server.stop()
                other.server.stop()
            }
            let kit = other.workspace["site/clients"]
            let wrong = served.workspace["trust/ca.crt"]
            let outcome = try run(
                """
                export STORAGE_DRIVER=vfs
                copy
                sh "$1" --check nginx:alpine podman >&2
                # The kit of the second server, first with the CA of the first.
                cp -r '\(kit)' /mnt/kit
                for file in $(find /mnt/kit -name ca.crt); do cp '\(wrong)' $file; done
                fails sh /mnt/kit/install.sh podman >/mnt/second 2>&1
                cat /mnt/second >&2
                grep -q 'SSL certificate problem' /mnt/second
                sh '\(kit)/install.sh' --check nginx:alpine podman >&2
                [ ! -e '/etc/containers/certs.d/\(served.host)' ]
                sh "$1" --uninstall >&2
                same
                """,
                served
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
}
