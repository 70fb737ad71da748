package untrusted

import "encoding/binary"

// checkMsgpack makes sure that a msgpack text is one value, that every length in it is covered by bytes that are
// really there, and that it is not nested absurdly: the decoder allocates what a length announces before it reads.
func checkMsgpack(data []byte) error {
	// open holds, per level, how many values are still to come.
	open := []uint64{1}
	for len(open) > 0 {
		last := len(open) - 1
		if open[last] == 0 {
			open = open[:last]
			continue
		}
		open[last]--
		head, err := msgpackHead(data)
		if err != nil {
			return err
		}
		data = data[head.size:]
		if head.children > uint64(len(data)) {
			return ErrMalformed
		}
		if head.children > 0 {
			if len(open) == maxDepth {
				return errDepth
			}
			open = append(open, head.children)
		}
	}
	return nil
}

// msgpackValue is the beginning of a msgpack value: for a scalar all of it.
type msgpackValue struct {
	size     int    // bytes, without those of children
	children uint64 // values that follow: elements, or keys and values
}

// msgpackHead reads the head of the first value in data. Formats: the msgpack specification,
// https://github.com/msgpack/msgpack/blob/master/spec.md
func msgpackHead(data []byte) (msgpackValue, error) {
	if len(data) == 0 {
		return msgpackValue{}, ErrMalformed
	}
	code := data[0]
	switch {
	case code <= 0x7f || code >= 0xe0: // small integers
		return fits(data, 1, 0)
	case code <= 0x8f: // small map
		return msgpackValue{1, 2 * uint64(code&0x0f)}, nil
	case code <= 0x9f: // small array
		return msgpackValue{1, uint64(code & 0x0f)}, nil
	case code <= 0xbf: // short string
		return fits(data, 1, uint64(code&0x1f))
	}
	format := msgpackFormats[code-0xc0]
	length, ok := bigEndian(data[1:], format.lengthBytes)
	if !ok || format.kind == msgpackNone {
		return msgpackValue{}, ErrMalformed
	}
	head := 1 + format.lengthBytes
	switch format.kind {
	case msgpackMap:
		return msgpackValue{head, 2 * length}, nil
	case msgpackArray:
		return msgpackValue{head, length}, nil
	default:
		return fits(data, head, uint64(format.fixed)+length)
	}
}

func fits(data []byte, head int, body uint64) (msgpackValue, error) {
	if body > uint64(len(data)-head) {
		return msgpackValue{}, ErrMalformed
	}
	return msgpackValue{size: head + int(body)}, nil
}

func bigEndian(data []byte, n int) (uint64, bool) {
	if len(data) < n {
		return 0, false
	}
	switch n {
	case 1:
		return uint64(data[0]), true
	case 2:
		return uint64(binary.BigEndian.Uint16(data)), true
	case 4:
		return uint64(binary.BigEndian.Uint32(data)), true
	default:
		return 0, true
	}
}

type msgpackKind byte

const (
	msgpackNone   msgpackKind = iota // a code that msgpack never uses
	msgpackScalar                    // fixed bytes, then as many as the length says
	msgpackArray
	msgpackMap
)

// msgpackFormats is what follows the codes 0xc0 to 0xdf.
var msgpackFormats = [32]struct {
	kind        msgpackKind
	lengthBytes int
	fixed       int
}{
	0x00: {kind: msgpackScalar},                           // nil
	0x02: {kind: msgpackScalar},                           // false
	0x03: {kind: msgpackScalar},                           // true
	0x04: {kind: msgpackScalar, lengthBytes: 1},           // bin 8
	0x05: {kind: msgpackScalar, lengthBytes: 2},           // bin 16
	0x06: {kind: msgpackScalar, lengthBytes: 4},           // bin 32
	0x07: {kind: msgpackScalar, lengthBytes: 1, fixed: 1}, // ext 8
	0x08: {kind: msgpackScalar, lengthBytes: 2, fixed: 1}, // ext 16
	0x09: {kind: msgpackScalar, lengthBytes: 4, fixed: 1}, // ext 32
	0x0a: {kind: msgpackScalar, fixed: 4},                 // float 32
	0x0b: {kind: msgpackScalar, fixed: 8},                 // float 64
	0x0c: {kind: msgpackScalar, fixed: 1},                 // uint 8
	0x0d: {kind: msgpackScalar, fixed: 2},                 // uint 16
	0x0e: {kind: msgpackScalar, fixed: 4},                 // uint 32
	0x0f: {kind: msgpackScalar, fixed: 8},                 // uint 64
	0x10: {kind: msgpackScalar, fixed: 1},                 // int 8
	0x11: {kind: msgpackScalar, fixed: 2},                 // int 16
	0x12: {kind: msgpackScalar, fixed: 4},                 // int 32
	0x13: {kind: msgpackScalar, fixed: 8},                 // int 64
	0x14: {kind: msgpackScalar, fixed: 2},                 // fixext 1
	0x15: {kind: msgpackScalar, fixed: 3},                 // fixext 2
	0x16: {kind: msgpackScalar, fixed: 5},                 // fixext 4
	0x17: {kind: msgpackScalar, fixed: 9},                 // fixext 8
	0x18: {kind: msgpackScalar, fixed: 17},                // fixext 16
	0x19: {kind: msgpackScalar, lengthBytes: 1},           // str 8
	0x1a: {kind: msgpackScalar, lengthBytes: 2},           // str 16
	0x1b: {kind: msgpackScalar, lengthBytes: 4},           // str 32
	0x1c: {kind: msgpackArray, lengthBytes: 2},            // array 16
	0x1d: {kind: msgpackArray, lengthBytes: 4},            // array 32
	0x1e: {kind: msgpackMap, lengthBytes: 2},              // map 16
	0x1f: {kind: msgpackMap, lengthBytes: 4},              // map 32
}
