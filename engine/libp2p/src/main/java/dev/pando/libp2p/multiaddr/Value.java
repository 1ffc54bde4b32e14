package dev.pando.libp2p.multiaddr;

import dev.pando.ipld.DecodeException;
import dev.pando.ipld.Multibase;
import dev.pando.ipld.Multihash;
import dev.pando.libp2p.PeerId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The kinds of component values, with their text and their bytes. */
enum Value {
    NONE(0) {
        @Override
        byte[] encode(String text) {
            return new byte[0];
        }

        @Override
        String decode(byte[] bytes) {
            return "";
        }
    },
    IP4(4) {
        @Override
        byte[] encode(String text) {
            var match = IP4_TEXT.matcher(text);
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int part = match.matches() ? Integer.parseInt(match.group(i + 1)) : 256;
                if (part > 255) {
                    throw new IllegalArgumentException("expected an IPv4 address like 192.0.2.1, got '" + text + "'");
                }
                bytes[i] = (byte) part;
            }
            return bytes;
        }

        @Override
        String decode(byte[] bytes) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
    },
    IP6(16) {
        @Override
        byte[] encode(String text) {
            /* Only what cannot be a host name is given to InetAddress, which would ask the name service else. */
            if (IP6_TEXT.matcher(text).matches()) {
                try {
                    byte[] bytes = InetAddress.getByName(text).getAddress();
                    return bytes.length == 16 ? bytes : mapped(bytes);
                } catch (UnknownHostException e) {
                    throw new IllegalArgumentException(
                            "expected an IPv6 address like 2001:db8::1, got '" + text + "'", e);
                }
            }
            throw new IllegalArgumentException("expected an IPv6 address like 2001:db8::1, got '" + text + "'");
        }

        @Override
        String decode(byte[] bytes) {
            return Ip6Text.of(bytes);
        }
    },
    PORT(2) {
        @Override
        byte[] encode(String text) {
            if (!PORT_TEXT.matcher(text).matches() || Integer.parseInt(text) > 65_535) {
                throw new IllegalArgumentException("expected a port from 0 to 65535, got '" + text + "'");
            }
            int port = Integer.parseInt(text);
            return new byte[] {(byte) (port >> 8), (byte) port};
        }

        @Override
        String decode(byte[] bytes) {
            return Integer.toString((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
        }
    },
    BYTE(1) {
        @Override
        byte[] encode(String text) {
            if (!PORT_TEXT.matcher(text).matches() || Integer.parseInt(text) > 255) {
                throw new IllegalArgumentException("expected a number from 0 to 255, got '" + text + "'");
            }
            return new byte[] {(byte) Integer.parseInt(text)};
        }

        @Override
        String decode(byte[] bytes) {
            return Integer.toString(bytes[0] & 0xff);
        }
    },
    NUMBER(8) {
        @Override
        byte[] encode(String text) {
            try {
                return ByteBuffer.allocate(8)
                        .putLong(Long.parseUnsignedLong(text))
                        .array();
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("expected a number, got '" + text + "'", e);
            }
        }

        @Override
        String decode(byte[] bytes) {
            return Long.toUnsignedString(ByteBuffer.wrap(bytes).getLong());
        }
    },
    TEXT(-1) {
        @Override
        byte[] encode(String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("expected a value, got none");
            }
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        String decode(byte[] bytes) {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                if (text.isEmpty() || text.indexOf('/') >= 0) {
                    throw new IllegalArgumentException("a name that is empty or holds a slash");
                }
                return text;
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("a name that is not UTF-8", e);
            }
        }
    },
    PEER(-1) {
        @Override
        byte[] encode(String text) {
            return PeerId.parse(text).toBytes();
        }

        @Override
        String decode(byte[] bytes) {
            return PeerId.fromBytes(bytes).toString();
        }
    },
    CERTHASH(-1) {
        @Override
        byte[] encode(String text) {
            try {
                return Multihash.fromBytes(Multibase.decode(text)).toBytes();
            } catch (DecodeException e) {
                throw new IllegalArgumentException("expected a multibase multihash like uEi…, got '" + text + "'", e);
            }
        }

        @Override
        String decode(byte[] bytes) {
            try {
                return Multibase.encodeBase64url(Multihash.fromBytes(bytes).toBytes());
            } catch (DecodeException e) {
                throw new IllegalArgumentException("a certificate hash that is no multihash", e);
            }
        }
    };

    private static final Pattern IP4_TEXT =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");
    private static final Pattern IP6_TEXT = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
    private static final Pattern PORT_TEXT = Pattern.compile("0|[1-9]\\d{0,4}");

    /** Bytes of the value, or -1 when they are preceded by their length. */
    final int bytes;

    Value(int bytes) {
        this.bytes = bytes;
    }

    abstract byte[] encode(String text);

    abstract String decode(byte[] bytes);

    private static byte[] mapped(byte[] ip4) {
        byte[] bytes = new byte[16];
        bytes[10] = bytes[11] = (byte) 0xff;
        System.arraycopy(ip4, 0, bytes, 12, 4);
        return bytes;
    }
}
