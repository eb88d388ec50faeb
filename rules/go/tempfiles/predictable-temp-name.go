package export

import (
	"os"
	"path/filepath"
)

func Fixed() (*os.File, error) {
	// ruleid: go.tempfiles.predictable-temp-name
	return os.Create("/tmp/export.csv")
}

func Joined(data []byte) error {
	// ruleid: go.tempfiles.predictable-temp-name
	return os.WriteFile(filepath.Join(os.TempDir(), "export.csv"), data, 0o600)
}

func Open() (*os.File, error) {
	// ruleid: go.tempfiles.predictable-temp-name
	return os.OpenFile("/tmp/export.log", os.O_CREATE|os.O_WRONLY, 0o600)
}

func Random() (*os.File, error) {
	// ok: go.tempfiles.predictable-temp-name
	return os.CreateTemp("", "export-*.csv")
}

func Exclusive() (*os.File, error) {
	// ok: go.tempfiles.predictable-temp-name
	return os.OpenFile("/tmp/export.lock", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

func Elsewhere(dir string) (*os.File, error) {
	// ok: go.tempfiles.predictable-temp-name
	return os.Create(filepath.Join(dir, "export.csv"))
}

func Read() ([]byte, error) {
	// ok: go.tempfiles.predictable-temp-name
	return os.ReadFile("/tmp/export.csv")
}
