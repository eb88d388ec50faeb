package box

import (
	"crypto/cipher"
	"crypto/rand"
	"io"
)

var fixed = []byte("example-vector-1")

func Literal(block cipher.Block) cipher.BlockMode {
	// ruleid: go.crypto.static-iv
	return cipher.NewCBCEncrypter(block, []byte("example-vector-1"))
}

func LocalBytes(block cipher.Block) cipher.Stream {
	iv := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	// ruleid: go.crypto.static-iv
	return cipher.NewCTR(block, iv)
}

func Package(block cipher.Block) cipher.Stream {
	// ruleid: go.crypto.static-iv
	return cipher.NewCTR(block, fixed)
}

func Zeros(aead cipher.AEAD, data []byte) []byte {
	nonce := make([]byte, 12)
	// ruleid: go.crypto.static-iv
	return aead.Seal(nil, nonce, data, nil)
}

func FromKey(block cipher.Block, key []byte) cipher.BlockMode {
	// ruleid: go.crypto.static-iv
	return cipher.NewCBCEncrypter(block, key[:block.BlockSize()])
}

func Fresh(aead cipher.AEAD, data []byte) ([]byte, error) {
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return nil, err
	}
	// ok: go.crypto.static-iv
	return aead.Seal(nonce, nonce, data, nil), nil
}

func FreshRead(block cipher.Block) cipher.Stream {
	iv := make([]byte, block.BlockSize())
	rand.Read(iv)
	// ok: go.crypto.static-iv
	return cipher.NewCTR(block, iv)
}

func Given(block cipher.Block, iv []byte) cipher.BlockMode {
	// ok: go.crypto.static-iv
	return cipher.NewCBCEncrypter(block, iv)
}

func Decrypt(block cipher.Block, message []byte) cipher.BlockMode {
	// ok: go.crypto.static-iv
	return cipher.NewCBCDecrypter(block, message[:16])
}
