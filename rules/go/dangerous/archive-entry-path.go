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
		target := filepath.Join(dir, f.Name)
		if err := write(f, target); err != nil {
			return err
		}
	}
	return nil
}

func write(f *zip.File, target string) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	// ruleid: go.dangerous.archive-entry-path
	out, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, in)
	return err
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
		switch header.Typeflag {
		case tar.TypeDir:
			// ruleid: go.dangerous.archive-entry-path
			if err := os.MkdirAll(filepath.Join(dir, header.Name), 0o700); err != nil {
				return err
			}
		case tar.TypeReg:
			// ruleid: go.dangerous.archive-entry-path
			out, err := os.Create(dir + "/" + header.Name)
			if err != nil {
				return err
			}
			_, _ = io.Copy(out, tr)
		}
	}
}

func Prefix(r *zip.ReadCloser, dir string) error {
	for _, f := range r.File {
		target := filepath.Join(dir, f.Name)
		if !strings.HasPrefix(target, filepath.Clean(dir)+string(os.PathSeparator)) {
			return fmt.Errorf("unsafe entry %q", f.Name)
		}
		// ok: go.dangerous.archive-entry-path
		if err := os.MkdirAll(target, 0o700); err != nil {
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
		if err := os.MkdirAll(filepath.Join(dir, f.Name), 0o700); err != nil {
			return err
		}
	}
	return nil
}

func Dots(r *zip.ReadCloser, dir string) error {
	for _, f := range r.File {
		if strings.Contains(f.Name, "..") {
			continue
		}
		// ok: go.dangerous.archive-entry-path
		if err := os.MkdirAll(filepath.Join(dir, f.Name), 0o700); err != nil {
			return err
		}
	}
	return nil
}

func Flat(r *zip.ReadCloser, dir string) error {
	for _, f := range r.File {
		// ok: go.dangerous.archive-entry-path
		if _, err := os.Create(filepath.Join(dir, filepath.Base(f.Name))); err != nil {
			return err
		}
	}
	return nil
}

func Config(dir string, item struct{ Name string }) error {
	// ok: go.dangerous.archive-entry-path
	return os.MkdirAll(filepath.Join(dir, item.Name), 0o700)
}
