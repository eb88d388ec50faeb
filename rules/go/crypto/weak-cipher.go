package box

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	stream "crypto/rc4"

	"example.com/app/des3"
)

func EncryptDES(key, data []byte) ([]byte, error) {
	// ruleid: go.crypto.weak-cipher
	block, err := des.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	block.Encrypt(out, data)
	return out, nil
}

func TripleDES(key []byte) (cipher.Block, error) {
	// ruleid: go.crypto.weak-cipher
	return des.NewTripleDESCipher(key)
}

func Stream(key []byte) (cipher.Stream, error) {
	// ruleid: go.crypto.weak-cipher
	return stream.NewCipher(key)
}

func Modern(key []byte) (cipher.AEAD, error) {
	// ok: go.crypto.weak-cipher
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func Hardware(device *des3.Device) error {
	// ok: go.crypto.weak-cipher
	return device.NewCipher("slot-1")
}
