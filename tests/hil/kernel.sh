#!/usr/bin/env bash
# Usage: tests/hil/kernel.sh FOLDER
# Makes FOLDER/vmlinuz and FOLDER/initrd.gz: this Debian's kernel, and the drivers that stand in for a post's hardware.
# Wants no root: the kernel's packages are fetched and unpacked in FOLDER, never installed. Quick when all is there already.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
umask 022

fail() {
	echo "hil: $*" >&2
	exit 1
}

# In the order in which they are loaded. gpio-sim and oled-sim are built here, the others are Debian's.
modules="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci 9pnet 9pnet_virtio netfs fscache 9p overlay
  failover net_failover virtio_net evdev uinput i2c-dev configfs gpio-sim oled-sim"

ldd "$(command -v busybox)" >/dev/null 2>&1 && fail "busybox is not the static one: install busybox-static"
[ "$(uname -m)" = x86_64 ] || fail "made for an x86-64 machine; this is $(uname -m)"
image=$(apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image-/ {print $2; exit}')
[ -n "$image" ] || fail "apt knows no linux-image-amd64: run apt-get update"
release=${image#linux-image-}
flavour_free=${release%-amd64}
series=$(cut -d. -f1,2 <<<"$release")
version=$(apt-cache show --no-all-versions "$image" | awk '/^Version:/ {print $2; exit}')

# What the result is made of: the same again needs no new one.
recipe=$(cat "$here/kernel.sh" "$here/init" "$here/oled-sim.c" | sha256sum | cut -c1-16)
made="$version $recipe"
[ "$(cat "$folder/made" 2>/dev/null)" != "$made" ] || exit 0
rm -f "$folder/made"

fetch() {
	local name
	mkdir -p "$folder/debs"
	cd "$folder/debs"
	for name in "$@"; do
		compgen -G "${name}_${version//:/%3a}_*.deb" >/dev/null && continue
		rm -f "${name}"_*.deb
		echo "hil: fetching $name $version" >&2
		apt-get -qq download "$name=$version" 2>"$folder/log" || fail "cannot fetch $name=$version (try apt-get update): $(tail -1 "$folder/log")"
	done
}

unpack() {
	echo "hil: unpacking the kernel and its sources" >&2
	rm -rf "$folder/root" "$folder/build" "$folder/initrd"
	mkdir -p "$folder/root" "$folder/build" "$folder/initrd"/{bin,mod,proc,sys,dev,ro,rw,new}
	local deb
	for deb in "$folder"/debs/linux-{image,headers,kbuild}-*_"${version//:/%3a}"_*.deb; do
		dpkg -x "$deb" "$folder/root"
	done
	# The headers name their other half by its installed place.
	echo "include $folder/root/usr/src/linux-headers-$flavour_free-common/Makefile" \
		>"$folder/root/usr/src/linux-headers-$release/Makefile"
	local tree=linux-source-$series
	dpkg-deb --fsys-tarfile "$folder"/debs/"$tree"_*.deb | tar -xO "./usr/src/$tree.tar.xz" |
		tar -xJ -C "$folder/build" --transform 's|.*/||' \
			"$tree/drivers/gpio/gpio-sim.c" "$tree/drivers/gpio/gpiolib.h" "$tree/kernel/irq/irq_sim.c"
}

# Debian leaves gpio-sim out, and with it the simulated interrupts that it wants.
build() {
	echo "hil: building gpio-sim and oled-sim for $release" >&2
	cd "$folder/build"
	mv gpio-sim.c gpio-sim-main.c
	# irq_to_desc is not for modules; generic_handle_irq does the same.
	sed -i -E 's/handle_simple_irq\(irq_to_desc\((\w+)\)\)/generic_handle_irq(\1)/' irq_sim.c
	cp "$here/oled-sim.c" .
	printf '%s\n' 'obj-m := gpio-sim.o oled-sim.o' 'gpio-sim-y := gpio-sim-main.o irq_sim.o' >Makefile
	make -s -C "$folder/root/usr/src/linux-headers-$release" M="$PWD" modules >"$folder/log" 2>&1 ||
		{ cat "$folder/log" >&2; fail "could not build the drivers"; }
}

pack() {
	local name file
	for name in $modules; do
		file=$(find "$folder/build" "$folder/root/lib/modules" -name "$name.ko" -print -quit)
		[ -n "$file" ] || fail "no driver $name in $image"
		cp "$file" "$folder/initrd/mod/"
		echo "$name" >>"$folder/initrd/modules"
	done
	cp "$(command -v busybox)" "$folder/initrd/bin/busybox"
	cp "$here/init" "$folder/initrd/init"
	chmod 755 "$folder/initrd/init"
	(cd "$folder/initrd" && find . | cpio -o -H newc --quiet | gzip -1) >"$folder/initrd.gz"
	cp "$folder/root/boot/vmlinuz-$release" "$folder/vmlinuz"
	rm -rf "$folder/root" "$folder/build" "$folder/initrd" "$folder/log"
}

fetch "$image" "linux-headers-$release" "linux-headers-$flavour_free-common" "linux-kbuild-$series" "linux-source-$series"
unpack
build
pack
echo "$made" >"$folder/made"
