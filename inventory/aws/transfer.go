package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/transfer"
	"github.com/aws/aws-sdk-go-v2/service/transfer/types"
)

type transferAPI interface {
	transfer.ListConnectorsAPIClient
	transfer.ListServersAPIClient
	transfer.ListUsersAPIClient
	transfer.ListWorkflowsAPIClient
	DescribeConnector(context.Context, *transfer.DescribeConnectorInput, ...func(*transfer.Options)) (*transfer.DescribeConnectorOutput, error)
	DescribeServer(context.Context, *transfer.DescribeServerInput, ...func(*transfer.Options)) (*transfer.DescribeServerOutput, error)
	DescribeUser(context.Context, *transfer.DescribeUserInput, ...func(*transfer.Options)) (*transfer.DescribeUserOutput, error)
	DescribeWorkflow(context.Context, *transfer.DescribeWorkflowInput, ...func(*transfer.Options)) (*transfer.DescribeWorkflowOutput, error)
}

func (s *scope) transfer() transferAPI { return client(s, "transfer", transfer.NewFromConfig) }

var transferRows = []Row{
	{Type: "aws_transfer_connector", ID: "{connector_id}", Actions: []string{"transfer:ListConnectors", "transfer:DescribeConnector"}, list: tagged(
		func(s *scope) pager[transfer.ListConnectorsOutput, transfer.Options] {
			return transfer.NewListConnectorsPaginator(s.transfer(), &transfer.ListConnectorsInput{})
		},
		func(p *transfer.ListConnectorsOutput) []types.ListedConnector { return p.Connectors },
		func(_ *scope, c types.ListedConnector) found {
			return found{id: awssdk.ToString(c.ConnectorId), name: awssdk.ToString(c.Url)}
		},
		func(ctx context.Context, s *scope, c types.ListedConnector) (map[string]string, error) {
			out, err := call(ctx, s, s.transfer().DescribeConnector, &transfer.DescribeConnectorInput{ConnectorId: c.ConnectorId})
			if err != nil {
				return nil, err
			}
			return transferTags(out.Connector.Tags), nil
		})},
	{Type: "aws_transfer_server", Actions: []string{"transfer:ListServers", "transfer:DescribeServer"}, list: tagged(
		openServers, func(p *transfer.ListServersOutput) []types.ListedServer { return p.Servers },
		func(_ *scope, v types.ListedServer) found { return found{id: awssdk.ToString(v.ServerId)} },
		func(ctx context.Context, s *scope, v types.ListedServer) (map[string]string, error) {
			out, err := call(ctx, s, s.transfer().DescribeServer, &transfer.DescribeServerInput{ServerId: v.ServerId})
			if err != nil {
				return nil, err
			}
			return transferTags(out.Server.Tags), nil
		})},
	{Type: "aws_transfer_user", ID: "{server_id}/{user_name}", Tested: recorded, Actions: []string{"transfer:ListServers", "transfer:ListUsers", "transfer:DescribeUser"}, list: under(
		func(ctx context.Context, s *scope) ([]types.ListedServer, error) {
			return all(ctx, s, openServers(s), func(p *transfer.ListServersOutput) []types.ListedServer {
				return where(p.Servers, func(v types.ListedServer) bool {
					return v.IdentityProviderType == types.IdentityProviderTypeServiceManaged
				})
			})
		},
		func(v types.ListedServer) string { return awssdk.ToString(v.ServerId) },
		func(s *scope, v types.ListedServer) pager[transfer.ListUsersOutput, transfer.Options] {
			return transfer.NewListUsersPaginator(s.transfer(), &transfer.ListUsersInput{ServerId: v.ServerId})
		},
		func(p *transfer.ListUsersOutput) []types.ListedUser { return p.Users },
		func(ctx context.Context, s *scope, out *sink, v types.ListedServer, u types.ListedUser) {
			server, name := awssdk.ToString(v.ServerId), awssdk.ToString(u.UserName)
			f := found{id: server + "/" + name, name: name, facts: facts("parent", server, "parent_type", "aws_transfer_server")}
			out.addWithTags(f, func() (map[string]string, error) {
				answer, err := call(ctx, s, s.transfer().DescribeUser, &transfer.DescribeUserInput{ServerId: &server, UserName: &name})
				if err != nil {
					return nil, err
				}
				return transferTags(answer.User.Tags), nil
			})
		})},
	{Type: "aws_transfer_workflow", Tested: recorded, Actions: []string{"transfer:ListWorkflows", "transfer:DescribeWorkflow"}, list: tagged(
		func(s *scope) pager[transfer.ListWorkflowsOutput, transfer.Options] {
			return transfer.NewListWorkflowsPaginator(s.transfer(), &transfer.ListWorkflowsInput{})
		},
		func(p *transfer.ListWorkflowsOutput) []types.ListedWorkflow { return p.Workflows },
		func(_ *scope, w types.ListedWorkflow) found {
			return found{id: awssdk.ToString(w.WorkflowId), name: awssdk.ToString(w.Description)}
		},
		func(ctx context.Context, s *scope, w types.ListedWorkflow) (map[string]string, error) {
			out, err := call(ctx, s, s.transfer().DescribeWorkflow, &transfer.DescribeWorkflowInput{WorkflowId: w.WorkflowId})
			if err != nil {
				return nil, err
			}
			return transferTags(out.Workflow.Tags), nil
		})},
}

func openServers(s *scope) pager[transfer.ListServersOutput, transfer.Options] {
	return transfer.NewListServersPaginator(s.transfer(), &transfer.ListServersInput{})
}

func transferTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}
