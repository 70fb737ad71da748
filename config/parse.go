package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sethvargo/go-githubactions"
	"github.com/spf13/pflag"
)

// Parse reads flags from args (without the program's name) and what they leave open from the environment: INPUT_<NAME>
// as action.yml sets it, then each setting's own variables, then its default. A blank input counts as not given.
//
// The error is a *UsageError with everything that is wrong. Settings that the command does not know stay zero.
func Parse(args []string, getenv func(string) string) (Config, error) {
	p := &parser{getenv: getenv, table: Settings(), inputs: githubactions.New(
		githubactions.WithGetenv(getenv), githubactions.WithWriter(io.Discard))}
	p.readFlags(args)
	p.chooseCommand()
	if p.config.Command == Help {
		return p.config, nil
	}
	for _, s := range p.table {
		p.settle(s)
	}
	p.weigh()
	if len(p.mistakes) > 0 {
		return Config{}, &UsageError{Mistakes: p.mistakes}
	}
	return p.config, nil
}

type parser struct {
	getenv func(string) string
	inputs *githubactions.Action
	table  []Setting

	flags       map[string][]string // words by setting name, one per occurrence
	positionals []string
	help        bool
	version     bool

	config   Config
	mistakes []*Mistake
}

func (p *parser) blame(where, given string, v verdict) {
	if v.hide {
		given = ""
	}
	if v.warning {
		p.config.Warnings = append(p.config.Warnings, fmt.Sprintf("%s %q %s.", where, given, v.problem))
		return
	}
	p.mistakes = append(p.mistakes, &Mistake{Where: where, Given: given, Problem: v.problem, Remedy: v.remedy})
}

// readFlags collects every flag's words. pflag stops at the first flag that it does not know, so each one of those is
// noted, made known or taken out, and the line read again.
func (p *parser) readFlags(args []string) {
	var unknown []Setting
	for range len(args) + 1 {
		err := p.readOnce(args, unknown)
		var missing *pflag.NotExistError
		if !errors.As(err, &missing) {
			p.noteSyntax(err, unknown)
			return
		}
		if letters := missing.GetSpecifiedShortnames(); letters != "" {
			at := slices.IndexFunc(args, func(arg string) bool {
				return strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.HasSuffix(arg, letters)
			})
			if at < 0 {
				p.noteSyntax(err, unknown)
				return
			}
			p.blame(args[at], "", refuse("is no flag", "`driftline help` lists them"))
			args = slices.Delete(slices.Clone(args), at, at+1)
			continue
		}
		unknown = append(unknown, p.unknownFlag(missing.GetSpecifiedName()))
	}
}

// readOnce fills flags and positionals anew.
func (p *parser) readOnce(args []string, unknown []Setting) error {
	p.flags = map[string][]string{}
	set := pflag.NewFlagSet("driftline", pflag.ContinueOnError)
	set.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(strings.ReplaceAll(name, "_", "-"))
	})
	set.BoolVarP(&p.help, "help", "h", false, "")
	set.BoolVar(&p.version, "version", false, "")
	for _, s := range append(slices.Clone(p.table), unknown...) {
		if s.ActionOnly {
			continue
		}
		flag := set.VarPF(words{p.flags, s.Name}, s.Flag(), "", "")
		if s.Switch() {
			flag.NoOptDefVal = "true"
		}
	}
	err := set.Parse(args)
	p.positionals = set.Args()
	return err
}

// unknownFlag notes a flag that does not exist, and returns it as one that takes a value as the flag does that was
// most likely meant, so that the rest of the line is understood as its writer did.
func (p *parser) unknownFlag(name string) Setting {
	var flags []string
	for _, s := range p.table {
		if !s.ActionOnly {
			flags = append(flags, s.Flag())
		}
	}
	v := refuse("is no flag", "`driftline help` lists them")
	meant := Setting{field: func(*Config) any { return new(bool) }}
	if near := closest(name, flags); near != "" {
		v.remedy = "did you mean --" + near + "?"
		meant = p.table[slices.IndexFunc(p.table, func(s Setting) bool { return s.Flag() == near })]
	}
	p.blame("--"+name, "", v)
	return Setting{Name: name, field: meant.field}
}

// noteSyntax turns what else pflag may object to into a mistake.
func (p *parser) noteSyntax(err error, unknown []Setting) {
	if err == nil {
		return
	}
	var noValue *pflag.ValueRequiredError
	if errors.As(err, &noValue) {
		name := noValue.GetFlag().Name
		if slices.ContainsFunc(unknown, func(s Setting) bool { return s.Flag() == name }) {
			return
		}
		p.blame("--"+name, "", refuse("was given no value", "write --"+name+" "+p.valueOf(name)))
		return
	}
	p.blame("the command line", "", refuse("cannot be read: "+err.Error(), "`driftline help` shows how it is written"))
}

func (p *parser) valueOf(flag string) string {
	for _, s := range p.table {
		if s.Flag() == flag {
			return s.Value
		}
	}
	return "VALUE"
}

// words collects a flag's occurrences.
type words struct {
	into map[string][]string
	name string
}

func (w words) String() string { return "" }
func (w words) Type() string   { return "" }

func (w words) Set(word string) error {
	w.into[w.name] = append(w.into[w.name], word)
	return nil
}

// chooseCommand takes the first word that is no flag, else the input of the action.
func (p *parser) chooseCommand() {
	if p.version {
		p.config.Command = Version
		p.positionals = nil
		return
	}
	names := make([]string, 0, len(Commands()))
	for _, c := range Commands() {
		names = append(names, string(c.Name))
	}

	where, word, rest := whereInput("command"), p.inputs.GetInput("command"), p.positionals
	if len(rest) > 0 {
		where, word, rest = "command", rest[0], rest[1:]
	}
	if p.help || word == string(Help) {
		p.askHelp(word, rest, names)
		return
	}
	if word == "" {
		p.blame("the command", "", refuse("is missing", "use "+oneOf(names)+", as in `driftline demo`"))
		return
	}
	if v := checkOneOf(names...)(word); v != fine {
		p.blame(where, word, v)
		return
	}
	p.config.Command = Command(word)
	p.refuseExtra(p.takeArgument(rest))
}

// takeArgument takes the word that some commands need, and returns the rest.
func (p *parser) takeArgument(rest []string) []string {
	what, takes := arguments[p.config.Command]
	switch {
	case !takes:
		return rest
	case len(rest) == 0:
		p.blame("argument", "", refuse("is missing: driftline "+string(p.config.Command)+" needs "+what,
			"write driftline "+string(p.config.Command)+" "+what))
		return nil
	}
	p.config.Argument = rest[0]
	if p.config.Command == Completion {
		if v := checkOneOf(shells...)(rest[0]); v != fine {
			p.blame("argument", rest[0], v)
		}
	}
	return rest[1:]
}

func (p *parser) askHelp(word string, rest, names []string) {
	p.config.Command = Help
	p.mistakes = nil
	if word == string(Help) && len(rest) > 0 {
		word = rest[0]
	}
	if slices.Contains(names, word) && word != string(Help) {
		p.config.Topic = Command(word)
	}
}

func (p *parser) refuseExtra(rest []string) {
	for _, word := range rest {
		v := refuse("is one word too many", "`driftline help "+string(p.config.Command)+"` lists what it takes")
		if _, ok := switchValue(word); ok {
			v.remedy = "a switch takes its value with =, as in --dry-run=" + word
		} else if strings.Contains(word, "://") {
			v.remedy = "write --state " + word
		}
		p.blame("argument", word, v)
	}
}

// answer is what was given for a setting, and where.
type answer struct {
	where string
	words []string
	flag  bool
	given bool // by flag, input or environment variable
}

func whereInput(name string) string { return "input " + name }

func (p *parser) find(s Setting) answer {
	if words, ok := p.flags[s.Name]; ok {
		return answer{where: "--" + s.Flag(), words: words, flag: true, given: true}
	}
	if word := p.inputs.GetInput(s.Name); word != "" {
		// The action hands every input on, the defaults of action.yml too: those are nobody's gift.
		return answer{where: whereInput(s.Name), words: []string{word}, given: word != s.InputDefault()}
	}
	for _, name := range s.Fallback {
		if word := strings.TrimSpace(p.getenv(name)); word != "" {
			return answer{where: "environment variable " + name, words: []string{word}, given: true}
		}
	}
	word := s.Default
	if s.derive != nil {
		if derived := s.derive(p.getenv); derived != "" {
			word = derived
		}
	}
	if word == "" {
		return answer{}
	}
	return answer{where: "default of " + s.Name, words: []string{word}}
}

// settle finds a setting's value, checks it and writes it into the Config.
func (p *parser) settle(s Setting) {
	if s.ActionOnly {
		return
	}
	a := p.find(s)
	if p.config.Command != "" && !s.Serves(p.config.Command) {
		p.refuseForeign(s, a)
		return
	}
	if a.given {
		p.config.given = append(p.config.given, s.Name)
	}
	found := split(s, a)
	if len(found) == 0 {
		p.missing(s, a)
		return
	}
	ok := true
	for _, word := range found {
		v := s.verdictOn(word)
		if v == fine {
			continue
		}
		ok = ok && v.warning
		if s.Sensitive {
			v.hide = true
		}
		p.blame(a.where, word, v)
	}
	if ok {
		assign(s.field(&p.config), found)
	}
}

func (s Setting) verdictOn(word string) verdict {
	if s.Switch() {
		return checkSwitch(word)
	}
	if s.check == nil {
		return fine
	}
	return s.check(word)
}

// refuseForeign answers settings that the command does not know: a flag is a mistake, but inputs are all set whatever
// the command is, so one that will do nothing is worth a warning only.
func (p *parser) refuseForeign(s Setting, a answer) {
	serving := make([]string, 0, len(s.Commands))
	for _, c := range s.Commands {
		serving = append(serving, string(c))
	}
	if a.flag {
		p.blame(a.where, "", refuse("means nothing to driftline "+string(p.config.Command),
			"leave it out; it goes with "+oneOf(serving)))
		return
	}
	isInput := a.given && a.where == whereInput(s.Name)
	if isInput && s.ActionDefault == "" && a.words[0] != s.Default {
		p.config.Warnings = append(p.config.Warnings, fmt.Sprintf(
			"%s means nothing to command %s; it goes with %s.", a.where, p.config.Command, oneOf(serving)))
	}
}

func (p *parser) missing(s Setting, a answer) {
	if a.flag {
		p.blame(a.where, "", refuse("was given an empty value", "leave it out or write --"+s.Flag()+" "+s.Value))
		return
	}
	if slices.Contains(s.RequiredBy, p.config.Command) {
		p.blame(p.whereToGive(s), "", refuse("is missing, and "+string(p.config.Command)+" cannot do without",
			"write --"+s.Flag()+" "+s.Value))
	}
}

// whereToGive names a setting in the words of who would have to give it.
func (p *parser) whereToGive(s Setting) string {
	if p.getenv("GITHUB_ACTIONS") == "true" {
		return whereInput(s.Name)
	}
	return "--" + s.Flag()
}

// split takes an answer apart into single values: of a list, all without repeats; else the last that was given.
func split(s Setting, a answer) []string {
	if len(a.words) == 0 {
		return nil
	}
	if !s.List() {
		word := strings.TrimSpace(a.words[len(a.words)-1])
		if word == "" {
			return nil
		}
		return []string{word}
	}
	var found []string
	for _, word := range a.words {
		for _, part := range splitList(word, !s.Sensitive) {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(found, part) {
				found = append(found, part)
			}
		}
	}
	return found
}

// splitList cuts at line ends and, if commas is set, at commas outside of braces, which globs have.
// Sensitive lists are not cut at commas: a secret may hold one.
func splitList(text string, commas bool) []string {
	depth := 0
	return strings.FieldsFunc(text, func(r rune) bool {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		case '\n', '\r':
			depth = 0
			return true
		case ',':
			return commas && depth <= 0
		}
		return false
	})
}

// assign writes words that have passed their checks.
func assign(field any, found []string) {
	word := found[0]
	switch p := field.(type) {
	case *string:
		*p = word
	case *Publish:
		*p = Publish(word)
	case *Split:
		*p = Split(word)
	case *Secret:
		*p = NewSecret(word)
	case *[]string:
		*p = found
	case *FailOn:
		*p = found
	case *bool:
		*p, _ = switchValue(word)
	case *int:
		*p, _ = strconv.Atoi(word)
	case *time.Duration:
		*p, _ = time.ParseDuration(word)
	case *slog.Level:
		_ = p.UnmarshalText([]byte(word))
	default:
		panic(fmt.Sprintf("config: no way to write a %T", field)) // a row of the table that no test has read
	}
}
