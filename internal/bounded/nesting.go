package bounded

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Check says what is wrong with a configuration file's content, nil for nothing. It looks at tokens, as the parser does:
// brackets in a comment open nothing, and a comma in one ends nothing.
func Check(name string, content []byte) error {
	if len(content) > MaxSize {
		return fmt.Errorf("it %w: it has more than %d MiB", ErrHostile, MaxSize>>20)
	}
	if strings.HasSuffix(name, ".json") {
		return checkJSON(content)
	}
	tokens, _ := hclsyntax.LexConfig(content, name, hcl.InitialPos)
	return checkTokens(tokens)
}

// checkJSON goes through JSON, and through the templates in its strings. What is no JSON is left to the parser to say.
func checkJSON(content []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	depth := 0
	for {
		token, err := decoder.Token()
		if err != nil {
			if errors.Is(err, io.EOF) || bracketDepth(content) <= maxDepth {
				return nil
			}
			return errTooDeep
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
			if depth > maxDepth {
				return errTooDeep
			}
		case json.Number:
			if !plainNumber.MatchString(token.String()) {
				return errNumber
			}
		case string:
			if err := checkTemplate(token); err != nil {
				return err
			}
		}
	}
}

func checkTemplate(text string) error {
	if !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		return nil
	}
	tokens, _ := hclsyntax.LexTemplate([]byte(text), "", hcl.InitialPos)
	return checkTokens(tokens)
}

// bracketDepth is how deep a text that is no JSON would have a parser go, at most.
func bracketDepth(text []byte) int {
	return bytes.Count(text, []byte("{")) + bytes.Count(text, []byte("["))
}

var (
	errTooDeep = fmt.Errorf("it %w: it nests too deeply", ErrHostile)
	errNumber  = fmt.Errorf("it %w: it has a number that is written with more digits than any provider takes", ErrHostile)

	// plainNumber is a number that stays one when it is written out: 1e600000000 is a gigabyte of digits then.
	plainNumber = regexp.MustCompile(`^-?[0-9.]{1,100}([eE][+-]?[0-9]{1,2})?$`)
)

// closers are the tokens that end what others open.
var closers = map[hclsyntax.TokenType]hclsyntax.TokenType{
	hclsyntax.TokenOBrace: hclsyntax.TokenCBrace, hclsyntax.TokenOBrack: hclsyntax.TokenCBrack, hclsyntax.TokenOParen: hclsyntax.TokenCParen,
	hclsyntax.TokenOQuote: hclsyntax.TokenCQuote, hclsyntax.TokenOHeredoc: hclsyntax.TokenCHeredoc,
	hclsyntax.TokenTemplateInterp: hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenTemplateControl: hclsyntax.TokenTemplateSeqEnd,
}

// level is something that is open: a bracket, a quote, or a directive of a template.
type level struct {
	closer hclsyntax.TokenType
	end    string // endif or endfor, of a directive
	lines  bool   // the end of a line ends an expression
	nested int    // how deep its present expression goes without a bracket: by operators, conditionals, calls
}

// nesting is how deep a parser, and whoever evaluates what it gives, has gone.
type nesting struct {
	levels []level
	nested int // of all levels
}

func checkTokens(tokens hclsyntax.Tokens) error {
	n := &nesting{levels: []level{{lines: true}}}
	for i, token := range tokens {
		if token.Type == hclsyntax.TokenNumberLit && !plainNumber.Match(token.Bytes) {
			return errNumber
		}
		n.take(token, tokens[i+1:])
		if len(n.levels) > maxDepth || n.nested > maxChain {
			return errTooDeep
		}
	}
	if len(tokens) > maxTokens {
		return fmt.Errorf("it %w: it has more than %d words and signs", ErrHostile, maxTokens)
	}
	return nil
}

func (n *nesting) take(token hclsyntax.Token, rest hclsyntax.Tokens) {
	top := &n.levels[len(n.levels)-1]
	switch token.Type {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
		hclsyntax.TokenTemplateInterp:
		if token.Type == hclsyntax.TokenOBrack || token.Type == hclsyntax.TokenOParen {
			n.deeper() // what stands before may be looked into, or called
		}
		n.open(level{closer: closers[token.Type], lines: token.Type == hclsyntax.TokenOBrace && word(rest) != "for"})
	case hclsyntax.TokenTemplateControl:
		switch directive := word(rest); directive {
		case "if", "for":
			n.open(level{end: "end" + directive})
		case top.end:
			n.close()
		}
		n.open(level{closer: closers[token.Type]})
	case hclsyntax.TokenComma:
		n.ended()
	case hclsyntax.TokenNewline, hclsyntax.TokenComment: // a comment to the end of its line has that in it
		if top.lines && bytes.HasSuffix(token.Bytes, []byte("\n")) {
			n.ended()
		}
	case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit, hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit,
		hclsyntax.TokenEqual, hclsyntax.TokenFatArrow, hclsyntax.TokenColon, hclsyntax.TokenEOF:
	default:
		if token.Type == top.closer {
			n.close()
		} else {
			n.deeper()
		}
	}
}

// word is the first one, on whatever line.
func word(tokens hclsyntax.Tokens) string {
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenNewline && t.Type != hclsyntax.TokenComment {
			return string(t.Bytes)
		}
	}
	return ""
}

func (n *nesting) open(l level) { n.levels = append(n.levels, l) }

func (n *nesting) close() {
	n.ended()
	n.levels = n.levels[:len(n.levels)-1]
}

func (n *nesting) deeper() {
	n.levels[len(n.levels)-1].nested++
	n.nested++
}

func (n *nesting) ended() {
	top := &n.levels[len(n.levels)-1]
	n.nested -= top.nested
	top.nested = 0
}
