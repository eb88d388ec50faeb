package store

import (
	"os"
	"syscall"
)

func Script(name string) error {
	// ruleid: go.permissions.world-writable
	return os.Chmod(name, 0o777)
}

func Handle(f *os.File) error {
	// ruleid: go.permissions.world-writable
	return f.Chmod(0666)
}

func Folder(name string) error {
	// ruleid: go.permissions.world-writable
	return os.Chmod(name, os.ModePerm)
}

func Raw(name string) error {
	// ruleid: go.permissions.world-writable
	return syscall.Chmod(name, 0o757)
}

func Private(name string) error {
	// ok: go.permissions.world-writable
	return os.Chmod(name, 0o600)
}

func Shared(name string) error {
	// ok: go.permissions.world-writable
	return os.Chmod(name, 0755)
}

func Copy(name string, info os.FileInfo) error {
	// ok: go.permissions.world-writable
	return os.Chmod(name, info.Mode())
}
