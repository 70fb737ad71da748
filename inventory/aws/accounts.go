package aws

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/seed-e90528ae/driftline/drift"
)

// AllRegions stands, as the only region, for every region that is enabled for an account.
const AllRegions = "all"

// readOnlyPolicy goes with every role that is assumed: whatever the role may do, AWS then refuses a write.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (PolicyArns)
const readOnlyPolicy = ":iam::aws:policy/ReadOnlyAccess"

// Role is a role that is assumed to see an account.
type Role struct {
	ARN         string // empty: the credentials as they are
	ExternalID  string // "" for none
	SessionName string // as CloudTrail shows it; "" for driftline
}

// ParseRole reads "ROLE-ARN [external_id=X] [session_name=Y]", or "organization:NAME" with the same options, whose
// ARN is then the bare word.
func ParseRole(text string) Role {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return Role{}
	}
	role := Role{ARN: fields[0]}
	for _, option := range fields[1:] {
		switch name, value, _ := strings.Cut(option, "="); name {
		case "external_id":
			role.ExternalID = value
		case "session_name":
			role.SessionName = value
		}
	}
	return role
}

// Session is what the session of an assumed role is called, and limited to: the same for listing and for reading.
func (r Role) Session() (name, policyARN string) {
	partition := "aws"
	if parsed, err := arn.Parse(r.ARN); err == nil {
		partition = parsed.Partition
	}
	return cmp.Or(r.SessionName, "driftline"), "arn:" + partition + readOnlyPolicy
}

// account is one account to list, and how it is entered.
type account struct {
	id      string
	role    Role
	config  awssdk.Config
	regions []string
}

type (
	stsAPI interface {
		GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
	}
	organizationsAPI interface {
		organizations.ListAccountsAPIClient
	}
	regionsAPI interface {
		DescribeRegions(context.Context, *ec2.DescribeRegionsInput, ...func(*ec2.Options)) (*ec2.DescribeRegionsOutput, error)
	}
)

// enter finds the accounts to list. An account that cannot be entered is skipped; it is an error only when none can.
func (i *Inventory) enter(ctx context.Context) error {
	roles, err := i.roles(ctx)
	if err != nil {
		return err
	}
	accounts := make([]account, len(roles))
	problems := make([]error, len(roles))
	var entered sync.WaitGroup
	for n, role := range roles {
		entered.Go(func() { accounts[n], problems[n] = i.enterOne(ctx, role) })
	}
	entered.Wait()
	for n, problem := range problems {
		if problem == nil {
			i.accounts = append(i.accounts, accounts[n])
			continue
		}
		parsed, _ := arn.Parse(roles[n].ARN) // where it is none, the account stays unknown
		i.skipped = append(i.skipped, &drift.Skipped{
			What: "account of " + roles[n].ARN, Account: parsed.AccountID, Reason: problem.Error(), Err: problem,
			Remedy: "let the credentials of the run assume the role, with the external id that it asks for, and allow it sts:GetCallerIdentity and ec2:DescribeRegions",
		})
	}
	if len(i.accounts) == 0 {
		return errors.Join(problems...)
	}
	return nil
}

// roles are the roles to assume: those asked for, with organization:NAME replaced by every account's role of that name.
func (i *Inventory) roles(ctx context.Context) ([]Role, error) {
	if len(i.options.Roles) == 0 {
		return []Role{{}}, nil
	}
	var roles []Role
	for _, role := range i.options.Roles {
		name, whole := strings.CutPrefix(role.ARN, "organization:")
		if !whole {
			roles = append(roles, role)
			continue
		}
		members, err := i.members(ctx, name, role)
		if err != nil {
			return nil, err
		}
		roles = append(roles, members...)
	}
	return roles, nil
}

// members are the active accounts of the organization. The account of the credentials is seen with them directly.
func (i *Inventory) members(ctx context.Context, name string, role Role) ([]Role, error) {
	s := &scope{region: drift.Global, timeout: i.options.CallTimeout}
	own, err := i.identity(ctx, i.config)
	if err != nil {
		return nil, err
	}
	var client organizationsAPI = organizations.NewFromConfig(i.config)
	accounts, err := all(ctx, s, organizations.NewListAccountsPaginator(client, &organizations.ListAccountsInput{}),
		func(p *organizations.ListAccountsOutput) []orgtypes.Account { return p.Accounts })
	if err != nil {
		return nil, fmt.Errorf("list the accounts of the organization: %w; allow organizations:ListAccounts, and run with credentials of the management account or a delegated administrator", err)
	}
	var roles []Role
	for _, a := range accounts {
		if a.State != orgtypes.AccountStateActive && a.Status != orgtypes.AccountStatusActive {
			continue
		}
		id := awssdk.ToString(a.Id)
		if id == own {
			roles = append(roles, Role{})
			continue
		}
		parsed, err := arn.Parse(awssdk.ToString(a.Arn))
		if err != nil {
			return nil, fmt.Errorf("account %s of the organization has no ARN: %w", id, err)
		}
		member := role
		member.ARN = fmt.Sprintf("arn:%s:iam::%s:role/%s", parsed.Partition, id, name)
		roles = append(roles, member)
	}
	return roles, nil
}

func (i *Inventory) enterOne(ctx context.Context, role Role) (account, error) {
	a := account{role: role, config: i.config.Copy(), regions: i.options.Regions}
	if role.ARN != "" {
		name, policy := role.Session()
		a.config.Credentials = i.options.hidden(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(i.config), role.ARN,
			func(o *stscreds.AssumeRoleOptions) {
				o.RoleSessionName = name
				o.PolicyARNs = []ststypes.PolicyDescriptorType{{Arn: &policy}}
				if role.ExternalID != "" {
					o.ExternalID = &role.ExternalID
				}
			}))
	}
	var err error
	if a.id, err = i.identity(ctx, a.config); err != nil {
		return account{}, err
	}
	if len(a.regions) == 1 && a.regions[0] == AllRegions {
		if a.regions, err = i.enabledRegions(ctx, a.config); err != nil {
			return account{}, err
		}
	}
	return a, nil
}

// hidden keeps credentials, and tells Hide of them before anybody has them.
func (o Options) hidden(provider awssdk.CredentialsProvider) awssdk.CredentialsProvider {
	return awssdk.NewCredentialsCache(awssdk.CredentialsProviderFunc(func(ctx context.Context) (awssdk.Credentials, error) {
		found, err := provider.Retrieve(ctx)
		if o.Hide != nil {
			o.Hide(found.SecretAccessKey, found.SessionToken)
		}
		return found, err
	}))
}

func (i *Inventory) identity(ctx context.Context, config awssdk.Config) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, i.options.CallTimeout)
	defer cancel()
	var client stsAPI = sts.NewFromConfig(config)
	out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", fmt.Errorf("ask AWS whose credentials these are: %w; give credentials by OIDC (aws-actions/configure-aws-credentials), AWS_PROFILE or AWS_ACCESS_KEY_ID", err)
	}
	return awssdk.ToString(out.Account), nil
}

// enabledRegions are the regions that an account may use: opted in, or open to everybody.
func (i *Inventory) enabledRegions(ctx context.Context, config awssdk.Config) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, i.options.CallTimeout)
	defer cancel()
	var client regionsAPI = ec2.NewFromConfig(config)
	out, err := client.DescribeRegions(ctx, &ec2.DescribeRegionsInput{})
	if err != nil {
		return nil, fmt.Errorf("ask which regions are enabled: %w; allow ec2:DescribeRegions, or name the regions", err)
	}
	// The default region comes first: global services are listed through it.
	regions := []string{config.Region}
	for _, r := range out.Regions {
		if name := awssdk.ToString(r.RegionName); name != config.Region {
			regions = append(regions, name)
		}
	}
	return regions, nil
}
