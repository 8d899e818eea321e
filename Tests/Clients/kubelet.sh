#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
# kubelet.sh KUBELET KIT FOLDER PORT READ_ONLY_PORT   A node of Kubernetes, until FOLDER/stop exists.
#
# Needs root, and its own mount and PID namespaces:
#   unshare --mount --pid --fork --mount-proc --kill-child sh kubelet.sh ...
# The node has containerd with the configuration of Debian's package. Only the kit's install.sh sets it up for
# the registry. The kubelet runs without an API server: it runs the pods in FOLDER/pods. FOLDER gets the logs.
set -eu

kubelet=$1 kit=$2 folder=$3 port=$4 read_only_port=$5

# Copies of /etc and /var/lib that end with the node, and nothing of the engines of this machine.
mount -t tmpfs tmpfs /mnt
for place in etc var/lib; do
    mkdir -p "/mnt/$place/upper" "/mnt/$place/work"
    mount -t overlay -o "lowerdir=/$place,upperdir=/mnt/$place/upper,workdir=/mnt/$place/work" overlay "/$place"
done
for place in /run /var/log /opt; do mount -t tmpfs tmpfs "$place"; done
rm -rf /etc/containerd /etc/cni
for place in /etc/containerd /var/lib/containerd /var/lib/kubelet /var/lib/regstatic; do
    mkdir -p "$place"
    [ "${place%/*}" = /etc ] || mount -t tmpfs tmpfs "$place"
done

# Without restrict_oom_score_adj, pods start only on machines where root has CAP_SYS_RESOURCE.
cat >/etc/containerd/config.toml <<'END'
version = 2

[plugins]
  [plugins."io.containerd.grpc.v1.cri"]
    restrict_oom_score_adj = true
    [plugins."io.containerd.grpc.v1.cri".cni]
      bin_dir = "/usr/lib/cni"
      conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.internal.v1.opt"]
    path = "/var/lib/containerd/opt"
END

cat >/etc/init.d/containerd <<END
#!/bin/sh
case \$1 in
    stop | restart)
        if pid=\$(cat /run/containerd.pid 2>/dev/null); then
            kill "\$pid"
            while kill -0 "\$pid" 2>/dev/null; do sleep 0.1; done
        fi
        ;;
esac
case \$1 in
    start | restart)
        # Debug messages name the host of each request.
        setsid containerd --log-level debug >>'$folder/containerd.log' 2>&1 &
        echo \$! >/run/containerd.pid
        for _ in \$(seq 100); do ! ctr version >/dev/null 2>&1 || exit 0; sleep 0.1; done
        exit 1
        ;;
esac
END
chmod +x /etc/init.d/containerd
service containerd start
sh "$kit/install.sh" --write-config --restart kubernetes

# The pods have the network of the machine, because there are no CNI plugins.
cat >/etc/kubelet.yaml <<END
kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
staticPodPath: $folder/pods
fileCheckFrequency: 1s
syncFrequency: 2s
address: 127.0.0.1
port: $port
readOnlyPort: $read_only_port
healthzPort: 0
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
failSwapOn: false
cgroupsPerQOS: false
enforceNodeAllocatable: []
makeIPTablesUtilChains: false
evictionHard: {memory.available: 1Mi, nodefs.available: 1Mi}
END
"$kubelet" --config /etc/kubelet.yaml --container-runtime remote \
    --container-runtime-endpoint unix:///run/containerd/containerd.sock \
    --hostname-override node --cert-dir /var/lib/kubelet/pki >"$folder/kubelet.log" 2>&1 &
pid=$!

while [ ! -e "$folder/stop" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
[ -e "$folder/stop" ] || tail -n 3 "$folder/kubelet.log" >&2
kill "$pid" 2>/dev/null || :
wait "$pid" || :
# The processes end with the namespace, but the control groups don't.
for container in $(ctr -n k8s.io tasks ls -q); do
    ctr -n k8s.io tasks rm --force "$container" >/dev/null 2>&1 || :
done
rmdir /sys/fs/cgroup/k8s.io /sys/fs/cgroup/*/k8s.io 2>/dev/null || :
