package upload

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"io"
	"os"
)

const maxSize = 10 << 20

func Expand(body io.Reader, out *os.File) error {
	zr, err := gzip.NewReader(body)
	if err != nil {
		return err
	}
	defer zr.Close()
	// ruleid: go.dangerous.decompression-bomb
	_, err = io.Copy(out, zr)
	return err
}

func Memory(body io.Reader) ([]byte, error) {
	zr := bzip2.NewReader(body)
	// ruleid: go.dangerous.decompression-bomb
	return io.ReadAll(zr)
}

func Limited(body io.Reader, out *os.File) error {
	zr, err := gzip.NewReader(body)
	if err != nil {
		return err
	}
	// ok: go.dangerous.decompression-bomb
	_, err = io.Copy(out, io.LimitReader(zr, maxSize))
	return err
}

func Counted(body io.Reader, out *os.File) error {
	zr, err := gzip.NewReader(body)
	if err != nil {
		return err
	}
	// ok: go.dangerous.decompression-bomb
	_, err = io.CopyN(out, zr, maxSize)
	return err
}

func Compress(data io.Reader) ([]byte, error) {
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	// ok: go.dangerous.decompression-bomb
	_, err := io.Copy(zw, data)
	return out.Bytes(), err
}
