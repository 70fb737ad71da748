// Package notify posts one message to an incoming webhook of Slack's form. It sends what it is given and nothing more,
// follows no redirect, and tells the address, which is a secret, to nobody.
package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Post sends text, in Slack's mrkdwn, to address. Its errors do not hold the address.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
func Post(ctx context.Context, transport http.RoundTripper, address, text string) error {
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("notify_webhook is not an address that can be posted to")
	}
	request.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("notify_webhook could not be reached; check its address and the network")
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16))
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("notify_webhook answered %s; check that it is an incoming webhook and still valid", response.Status)
	}
	return nil
}
