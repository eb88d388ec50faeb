package store

import (
	"os"
)

func Save(name string, data []byte) error {
	// ruleid: go.permissions.world-writable-create
	return os.WriteFile(name, data, 0666)
}

func Folder(name string) error {
	// ruleid: go.permissions.world-writable-create
	return os.MkdirAll(name, os.ModePerm)
}

func Log(name string) (*os.File, error) {
	// ruleid: go.permissions.world-writable-create
	return os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, os.FileMode(0666))
}

func Private(name string, data []byte) error {
	// ok: go.permissions.world-writable-create
	return os.WriteFile(name, data, 0o600)
}

func Shared(name string) error {
	// ok: go.permissions.world-writable-create
	return os.MkdirAll(name, 0755)
}

func Copy(name string, info os.FileInfo) error {
	// ok: go.permissions.world-writable-create
	return os.Chmod(name, info.Mode())
}

func Read(name string) (*os.File, error) {
	// ok: go.permissions.world-writable-create
	return os.OpenFile(name, os.O_RDONLY, 0)
}
