package redact

import "reflect"

// Seal takes every known secret out of all strings, bytes and maps of strings below what the arguments point to. Unexported
// fields and errors behind interfaces stay as they are: nothing writes them.
func (r *Redactor) Seal(all ...any) {
	for _, v := range all {
		r.seal(reflect.ValueOf(v))
	}
}

func (r *Redactor) seal(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(r.String(v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			r.seal(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				r.seal(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes(r.Bytes(v.Bytes()))
			return
		}
		for i := range v.Len() {
			r.seal(v.Index(i))
		}
	case reflect.Map: // of strings: tags; it may be shared, so it is replaced and not written into
		if v.IsNil() || v.Type().Elem().Kind() != reflect.String {
			return
		}
		clean := reflect.MakeMapWithSize(v.Type(), v.Len())
		for at := v.MapRange(); at.Next(); {
			text := r.String(at.Value().String())
			clean.SetMapIndex(at.Key(), reflect.ValueOf(text).Convert(v.Type().Elem()))
		}
		v.Set(clean)
	}
}
