// A go-libp2p peer that GoInteropTest drives: a command a line on stdin, an answer a line on stdout.
//
//	dial ADDRESS          connect; "ok" or "error …"
//	ping PEER             one ping; "ok"
//	echo PEER BYTES       send so many bytes over /test/echo/1.0.0 and compare what comes back; "ok"
//	protocols PEER        what identify told
//
// It serves /test/echo/1.0.0, and prints "ready ADDRESS" first.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
)

const echo = "/test/echo/1.0.0"

type node struct {
	host host.Host
}

func main() {
	kind := crypto.Ed25519
	for _, arg := range os.Args[1:] {
		switch arg {
		case "secp256k1":
			kind = crypto.Secp256k1
		case "rsa":
			kind = crypto.RSA
		case "ecdsa":
			kind = crypto.ECDSA
		}
	}
	key, _, err := crypto.GenerateKeyPair(kind, 2048)
	check(err)
	h, err := libp2p.New(
		libp2p.Identity(key),
		libp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0"),
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.DisableRelay())
	check(err)
	h.SetStreamHandler(echo, func(s network.Stream) {
		_, _ = io.Copy(s, s)
		_ = s.Close()
	})
	n := &node{h}
	fmt.Printf("ready %s/p2p/%s\n", h.Addrs()[0], h.ID())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		answer, err := n.run(context.Background(), strings.Fields(lines.Text()))
		if err != nil {
			answer = "error " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(answer)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (n *node) run(ctx context.Context, words []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	arg := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	switch arg(0) {
	case "dial":
		info, err := peer.AddrInfoFromString(arg(1))
		if err != nil {
			return "", err
		}
		return "ok", n.host.Connect(ctx, *info)
	case "ping":
		id, err := peer.Decode(arg(1))
		if err != nil {
			return "", err
		}
		return "ok", (<-ping.Ping(ctx, n.host, id)).Error
	case "echo":
		return n.echo(ctx, arg(1), arg(2))
	case "protocols":
		id, err := peer.Decode(arg(1))
		if err != nil {
			return "", err
		}
		all, err := n.host.Peerstore().GetProtocols(id)
		return fmt.Sprint("protocols ", all), err
	}
	return "", errors.New("unknown command " + arg(0))
}

func (n *node) echo(ctx context.Context, to, size string) (string, error) {
	id, err := peer.Decode(to)
	if err != nil {
		return "", err
	}
	bytesToSend, err := strconv.Atoi(size)
	if err != nil {
		return "", err
	}
	data := bytes.Repeat([]byte("pando"), bytesToSend/5+1)[:bytesToSend]
	s, err := n.host.NewStream(ctx, id, echo)
	if err != nil {
		return "", err
	}
	go func() {
		_, _ = s.Write(data)
		_ = s.CloseWrite()
	}()
	back, err := io.ReadAll(s)
	if err == nil && !bytes.Equal(back, data) {
		err = fmt.Errorf("sent %d bytes, got %d others back", len(data), len(back))
	}
	return "ok", err
}
