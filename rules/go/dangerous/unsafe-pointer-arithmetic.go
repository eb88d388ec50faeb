package raw

import (
	"encoding/binary"
	"reflect"
	"unsafe"
)

func Element(base *byte, i uintptr) byte {
	// ruleid: go.dangerous.unsafe-pointer-arithmetic
	return *(*byte)(unsafe.Pointer(uintptr(unsafe.Pointer(base)) + i))
}

func Add(base unsafe.Pointer, offset int) unsafe.Pointer {
	// ruleid: go.dangerous.unsafe-pointer-arithmetic
	return unsafe.Add(base, offset)
}

func Bytes(s string) []byte {
	// ruleid: go.dangerous.unsafe-pointer-arithmetic
	header := (*reflect.StringHeader)(unsafe.Pointer(&s))
	return unsafe.Slice((*byte)(unsafe.Pointer(header.Data)), header.Len)
}

func Size(v int64) uintptr {
	// ok: go.dangerous.unsafe-pointer-arithmetic
	return unsafe.Sizeof(v)
}

func Decode(data []byte) uint32 {
	// ok: go.dangerous.unsafe-pointer-arithmetic
	return binary.LittleEndian.Uint32(data)
}
