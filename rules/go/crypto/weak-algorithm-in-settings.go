package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"
	"os"

	"github.com/golang-jwt/jwt/v5"
	"github.com/spf13/viper"
)

var digests = map[string]func() hash.Hash{
	"md5":    md5.New,
	"sha256": sha256.New,
}

func File(data []byte) []byte {
	// ruleid: go.crypto.weak-algorithm-in-settings
	sum := digests[os.Getenv("FILE_DIGEST")]()
	sum.Write(data)
	return sum.Sum(nil)
}

func Link(data []byte) []byte {
	// ok: go.crypto.weak-algorithm-in-settings
	sum := digests[os.Getenv("LINK_DIGEST")]()
	sum.Write(data)
	return sum.Sum(nil)
}

func digest(name string) hash.Hash {
	// ruleid: go.crypto.weak-algorithm-in-settings
	switch name {
	case "sha1":
		return sha1.New()
	case "sha512":
		return sha512.New()
	default:
		return sha256.New()
	}
}

func Export(data []byte) []byte {
	sum := digest(viper.GetString("export.digest"))
	sum.Write(data)
	return sum.Sum(nil)
}

func block(name string, key []byte) (cipher.Block, error) {
	// ruleid: go.crypto.weak-algorithm-in-settings
	switch name {
	case "aes":
		return aes.NewCipher(key)
	case "des":
		return des.NewCipher(key)
	}
	return nil, fmt.Errorf("no cipher %q", name)
}

func Archive(key []byte) (cipher.Block, error) {
	return block(os.Getenv("ARCHIVE_CIPHER"), key)
}

func checksum(name string) hash.Hash {
	// ok: go.crypto.weak-algorithm-in-settings
	switch name {
	case "sha1":
		return sha1.New()
	default:
		return sha512.New()
	}
}

func Checksum(data []byte) []byte {
	sum := checksum(viper.GetString("export.checksum"))
	sum.Write(data)
	return sum.Sum(nil)
}

func Token() *jwt.Token {
	// ruleid: go.crypto.weak-algorithm-in-settings
	return jwt.New(jwt.GetSigningMethod(os.Getenv("TOKEN_ALGORITHM")))
}

func Unknown() hash.Hash {
	// ok: go.crypto.weak-algorithm-in-settings
	return digests[os.Getenv("OTHER_DIGEST")]()
}

func Colour() string {
	colours := map[string]string{"md5": "red"}
	// ok: go.crypto.weak-algorithm-in-settings
	return colours[os.Getenv("FILE_DIGEST")]
}
