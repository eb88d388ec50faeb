package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// maxPicture is how large a supplier's picture may be, in bytes.
const maxPicture = 8 << 20

// Suppliers fetches price lists and pictures.
type Suppliers struct {
	client   *http.Client
	pictures string
}

// NewSuppliers makes the client that all suppliers are asked with.
func NewSuppliers() *Suppliers {
	transport := &http.Transport{
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true},
		TLSHandshakeTimeout: 5 * time.Second,
	}
	return &Suppliers{client: &http.Client{Transport: transport, Timeout: 30 * time.Second}, pictures: "pictures"}
}

// Unpack writes the pictures of a supplier's archive to the folder of pictures.
func (s *Suppliers) Unpack(archive string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer reader.Close()
	for _, entry := range reader.File {
		target := filepath.Join(s.pictures, entry.Name)
		if err := write(entry, target); err != nil {
			return fmt.Errorf("unpack %s: %w", archive, err)
		}
	}
	return nil
}

// UnpackFlat takes the last part of each name only, so that none leads out of the folder.
func (s *Suppliers) UnpackFlat(archive string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer reader.Close()
	for _, entry := range reader.File {
		if err := write(entry, filepath.Join(s.pictures, filepath.Base(entry.Name))); err != nil {
			return fmt.Errorf("unpack %s: %w", archive, err)
		}
	}
	return nil
}

func write(entry *zip.File, target string) error {
	source, err := entry.Open()
	if err != nil {
		return err
	}
	defer source.Close()
	file, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(file, io.LimitReader(source, maxPicture))
	return err
}

// Shrink makes a small picture with the convert program.
func (s *Suppliers) Shrink(ctx context.Context, picture string, pixels int) error {
	command := fmt.Sprintf("convert %s -resize %d small-%s", picture, pixels, picture)
	return exec.CommandContext(ctx, "sh", "-c", command).Run()
}

// Turn turns a picture to the right.
func (s *Suppliers) Turn(ctx context.Context, picture string) error {
	file := filepath.Join(s.pictures, filepath.Base(picture))
	return exec.CommandContext(ctx, "convert", file, "-rotate", "90", file).Run()
}

// Share lets the web server of another account read the pictures.
func (s *Suppliers) Share() error {
	return os.Chmod(s.pictures, 0o777)
}

// Fingerprint names a picture by what it shows.
func Fingerprint(picture []byte) string {
	sum := sha256.Sum256(picture)
	return hex.EncodeToString(sum[:])
}
