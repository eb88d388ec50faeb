package archive

import (
	"archive/tar"
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func Unzip(r *zip.ReadCloser, dir string) error {
	for _, f := range r.File {
		// ruleid: go.dangerous.archive-entry-path
		target := filepath.Join(dir, f.Name)
		if err := write(f, target); err != nil {
			return err
		}
	}
	return nil
}

func Untar(tr *tar.Reader, dir string) error {
	for {
		header, err := tr.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		// ruleid: go.dangerous.archive-entry-path
		out, err := os.Create(filepath.Join(dir, header.Name))
		if err != nil {
			return err
		}
		io.Copy(out, tr)
	}
}

func Prefix(r *zip.ReadCloser, dir string) error {
	for _, f := range r.File {
		// ok: go.dangerous.archive-entry-path
		target := filepath.Join(dir, f.Name)
		if !strings.HasPrefix(target, filepath.Clean(dir)+string(os.PathSeparator)) {
			return fmt.Errorf("unsafe entry %q", f.Name)
		}
		if err := write(f, target); err != nil {
			return err
		}
	}
	return nil
}

func Local(r *zip.ReadCloser, dir string) error {
	for _, f := range r.File {
		if !filepath.IsLocal(f.Name) {
			continue
		}
		// ok: go.dangerous.archive-entry-path
		if err := write(f, filepath.Join(dir, f.Name)); err != nil {
			return err
		}
	}
	return nil
}

func Config(dir string, item struct{ Name string }) string {
	// ok: go.dangerous.archive-entry-path
	return filepath.Join(dir, item.Name)
}
