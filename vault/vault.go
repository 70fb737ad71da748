// Package vault takes the credentials of a run from HashiCorp Vault: it logs in, reads what it is asked for, renews the
// leases while the run lasts and revokes them at its end. It writes nothing to disk, to the environment or into Vault.
package vault

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/vault/api"
)

// Options say where Vault is, who asks, and for what.
type Options struct {
	Address   string // https://vault.example.com:8200
	Namespace string // "" for none; Vault Enterprise and HCP have them
	Role      string // of JWT authentication
	AuthPath  string // where the authentication method is mounted; "" for its own name
	Audience  string // of the workflow's token; "" for GitHub's own, the address of the repository's owner
	Secrets   []Secret

	AllowInsecureEndpoint bool // plain http beyond this machine

	Getenv  func(string) string                                        // VAULT_TOKEN, VAULT_ROLE_ID, VAULT_SECRET_ID, VAULT_CACERT and the like
	IDToken func(ctx context.Context, audience string) (string, error) // the workflow's OIDC token
	Hide    func(values ...string)                                     // told every secret before anything is done with it
	Warn    func(text string)                                          // told what goes wrong while the run lasts
}

// Session is what was read, for as long as it is open.
type Session struct {
	// Variables are credentials by the environment variable that they are meant for. An empty one is to be unset: it would
	// go with other credentials.
	Variables map[string]string
	// FreshAWSUser says that AWS was asked for a new user's key, which takes seconds to be known everywhere.
	FreshAWSUser bool

	client   *api.Client
	options  Options
	loggedIn bool // the token is ours: it is revoked, and with it what hangs on it
	leases   []string
	watchers []*api.LifetimeWatcher
	closed   chan struct{}
}

const (
	// shortLease bounds the life of what is leased and of the token of the run, however long the engine's own is: that long
	// they outlive a run that is killed outright. They are renewed meanwhile.
	shortLease = 10 * time.Minute
	// revokeLeases and revokeToken are how long revoking may take, one after the other: a runner that cancels a job kills
	// it after ten seconds.
	// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
	revokeLeases = 4 * time.Second
	revokeToken  = 3 * time.Second
)

// Open logs in and reads every secret. The caller must close the Session. When it cannot be opened, nothing is left
// behind in Vault, and the error names the path, Vault's answer and the remedy.
func Open(ctx context.Context, o Options) (*Session, error) {
	client, err := newClient(o)
	if err != nil {
		return nil, err
	}
	s := &Session{client: client, options: o, Variables: map[string]string{}, closed: make(chan struct{})}
	if err := errors.Join(s.authenticate(ctx), s.readAll(ctx)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// authenticate gets a token: the one given, one for an AppRole, or one for the workflow's own identity.
func (s *Session) authenticate(ctx context.Context) error {
	getenv := s.options.Getenv
	if token := strings.TrimSpace(getenv("VAULT_TOKEN")); token != "" {
		s.options.Hide(token)
		s.client.SetToken(token)
		s.watchToken(ctx)
		return nil
	}
	if id, secret := getenv("VAULT_ROLE_ID"), getenv("VAULT_SECRET_ID"); id != "" && secret != "" {
		s.options.Hide(secret)
		return s.login(ctx, cmp.Or(s.options.AuthPath, "approle"), map[string]any{"role_id": id, "secret_id": secret},
			"check VAULT_ROLE_ID and VAULT_SECRET_ID, and vault_auth_path where the method is not mounted at approle")
	}
	if s.options.Role == "" {
		return errors.New("nothing to log in to Vault with: give vault_role for the workflow's own identity, or set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID")
	}
	jwt, err := s.options.IDToken(ctx, s.options.Audience)
	if err != nil {
		return fmt.Errorf("ask GitHub for the workflow's OIDC token: %w; give the job `permissions: id-token: write`", err)
	}
	s.options.Hide(jwt)
	return s.login(ctx, cmp.Or(s.options.AuthPath, "jwt"), map[string]any{"role": s.options.Role, "jwt": jwt},
		"check vault_role, vault_auth_path, and the role's bound_audiences and bound_claims against the workflow's repository and ref")
}

func (s *Session) login(ctx context.Context, method string, credentials map[string]any, remedy string) error {
	at := "auth/" + strings.Trim(strings.TrimPrefix(strings.Trim(method, "/"), "auth/"), "/") + "/login"
	answer, err := s.client.Logical().WriteWithContext(ctx, at, credentials)
	if err != nil {
		return fmt.Errorf("log in to Vault at %s: %w; %s", at, plain(err), remedy)
	}
	if answer == nil || answer.Auth == nil || answer.Auth.ClientToken == "" {
		return fmt.Errorf("log in to Vault at %s: it gave no token; %s", at, remedy)
	}
	s.options.Hide(answer.Auth.ClientToken, answer.Auth.Accessor)
	s.client.SetToken(answer.Auth.ClientToken)
	s.loggedIn = true
	s.watch("the token of "+at, answer, shorter(answer.Auth.LeaseDuration))
	return nil
}

// watchToken renews a token that was given, where it can be renewed: what is leased does not outlive it.
func (s *Session) watchToken(ctx context.Context) {
	self, err := s.client.Auth().Token().LookupSelfWithContext(ctx)
	if err != nil {
		return // a token may be kept from looking itself up, and read secrets nevertheless
	}
	renewable, _ := self.TokenIsRenewable()
	ttl, _ := self.TokenTTL()
	if !renewable || ttl <= 0 {
		return
	}
	s.watch("the token in VAULT_TOKEN", &api.Secret{Auth: &api.SecretAuth{
		ClientToken: s.client.Token(), Renewable: true, LeaseDuration: int(ttl.Seconds()),
	}}, asBefore) // it is not ours
}

// readAll reads every secret, unless there is no token to read with.
func (s *Session) readAll(ctx context.Context) error {
	if s.client.Token() == "" {
		return nil
	}
	for _, wanted := range s.options.Secrets {
		if err := s.read(ctx, wanted); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) read(ctx context.Context, wanted Secret) error {
	answer, err := s.client.Logical().ReadWithContext(ctx, wanted.Path)
	if err != nil {
		return fmt.Errorf("read %s from Vault: %w; let the policy of the token allow `read` on that path, and check the engine's role", wanted.Path, plain(err))
	}
	if answer == nil || len(answer.Data) == 0 {
		return fmt.Errorf("read %s from Vault: there is nothing; write the path as Vault's API has it: a version 2 key/value path has data/ behind its mount, as in secret/data/ci", wanted.Path)
	}
	if answer.LeaseID != "" {
		s.leases = append(s.leases, answer.LeaseID)
		s.watch("the lease of "+wanted.Path, answer, shorter(answer.LeaseDuration))
	}
	data := contents(answer.Data)
	variables, err := wanted.variables(data)
	s.options.Hide(slices.Collect(maps.Values(variables))...)
	for name, value := range variables {
		s.Variables[name] = value
	}
	s.FreshAWSUser = s.FreshAWSUser || variables["AWS_ACCESS_KEY_ID"] != "" && variables["AWS_SESSION_TOKEN"] == "" && answer.LeaseID != ""
	return err
}

// asBefore asks for no time to live in particular.
const asBefore = 0

// shorter is the time to live to ask for, in seconds, of what would live for some.
func shorter(seconds int) int {
	if short := int(shortLease.Seconds()); seconds > short {
		return short
	}
	return asBefore
}

// watch renews what is leased, at once and then for as long as Vault lets it, to live for some seconds; it warns when that
// is less than the run.
func (s *Session) watch(what string, leased *api.Secret, seconds int) {
	watcher, err := s.client.NewLifetimeWatcher(&api.LifetimeWatcherInput{Secret: leased, Increment: seconds})
	if err != nil {
		s.options.Warn(fmt.Sprintf("%s cannot be renewed: %v", what, err))
		return
	}
	s.watchers = append(s.watchers, watcher)
	go func() {
		watcher.Start() // until it is stopped, or nothing more can be done
		select {
		case <-s.closed:
		default:
			s.options.Warn(what + " is about to end and can be renewed no more: what is read after that will be skipped; raise the maximum time to live of its role in Vault")
		}
	}()
}

// Close ends renewing and revokes what was leased, within seven seconds, whatever has become of the run's context. The
// error names the leases that Vault still holds: they end by themselves at the end of their time.
func (s *Session) Close() error {
	close(s.closed)
	for _, watcher := range s.watchers {
		watcher.Stop()
	}
	held := s.revoke()
	if !s.loggedIn {
		if held != nil {
			held = errors.Join(held, errors.New("allow the token in VAULT_TOKEN `update` on sys/leases/revoke"))
		}
		return held
	}
	// Every token may revoke itself, and with it what was leased by it, though it may be kept from revoking a lease.
	ctx, cancel := context.WithTimeout(context.Background(), revokeToken)
	defer cancel()
	if err := s.client.Auth().Token().RevokeSelfWithContext(ctx, ""); err != nil {
		return errors.Join(held, fmt.Errorf("revoke the token of this run: %w; Vault ends it at the end of its time", plain(err)))
	}
	return nil
}

// revoke revokes all leases side by side: one whose cloud is slow keeps none of the others.
func (s *Session) revoke() error {
	ctx, cancel := context.WithTimeout(context.Background(), revokeLeases)
	defer cancel()
	held := make([]error, len(s.leases))
	var group sync.WaitGroup
	for n, lease := range s.leases {
		group.Go(func() {
			// At once and not some time later: a run that has ended holds nothing.
			if _, err := s.client.Logical().WriteWithContext(ctx, "sys/leases/revoke", map[string]any{"lease_id": lease, "sync": true}); err != nil {
				held[n] = fmt.Errorf("revoke the lease %s: %w", lease, plain(err))
			}
		})
	}
	group.Wait()
	return errors.Join(held...)
}

// plain is Vault's answer in one line. The library's own spans several, and repeats the address.
func plain(err error) error {
	var answer *api.ResponseError
	if errors.As(err, &answer) && len(answer.Errors) > 0 {
		return fmt.Errorf("%d %s: %s", answer.StatusCode, http.StatusText(answer.StatusCode), strings.Join(strings.Fields(strings.Join(answer.Errors, "; ")), " "))
	}
	return err
}
