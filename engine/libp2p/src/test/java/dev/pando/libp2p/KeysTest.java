package dev.pando.libp2p;

import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private static final byte[] MESSAGE = "what was said".getBytes(StandardCharsets.UTF_8);

    /** From the test vectors of the specification of peer ids. */
    private static final byte[] ED25519_PRIVATE = HexFormat.of()
            .parseHex("080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"
                    + "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");

    static Stream<String[]> vectors() {
        try (var in = KeysTest.class.getResourceAsStream("public-keys.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsAndWritesThePublicKeysOfTheSpecification(String type, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        var key = PublicKey.fromBytes(bytes);
        assertThat(key.type()).isEqualTo(KeyType.valueOf(type));
        assertThat(key.toBytes()).isEqualTo(bytes);
        var peer = PeerId.of(key);
        assertThat(PeerId.parse(peer.toString())).isEqualTo(peer);
        assertThat(PeerId.fromBytes(peer.toBytes())).isEqualTo(peer);
        boolean inline = bytes.length <= 42;
        assertThat(peer.publicKey().isPresent()).isEqualTo(inline);
        assertThat(peer.toString()).startsWith(inline ? "1" : "Qm");
    }

    @Test
    void readsAndWritesThePrivateKeyOfTheSpecification() {
        var pair = KeyPair.fromBytes(ED25519_PRIVATE);
        assertThat(pair.toBytes()).isEqualTo(ED25519_PRIVATE);
        assertThat(HexFormat.of().formatHex(pair.publicKey().toBytes()))
                .isEqualTo("080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");
        assertThat(KeyPair.fromSeed(pair.seed()).peerId()).isEqualTo(pair.peerId());
        assertThat(pair.toString()).doesNotContain(HexFormat.of().formatHex(pair.seed()));
    }

    @Test
    void readsTheOldLongFormOfPrivateKeys() {
        byte[] old = Arrays.copyOf(ED25519_PRIVATE, 100);
        old[3] = 0x60;
        System.arraycopy(ED25519_PRIVATE, 36, old, 68, 32);
        assertThat(KeyPair.fromBytes(old).peerId())
                .isEqualTo(KeyPair.fromBytes(ED25519_PRIVATE).peerId());
        old[99] ^= 1;
        assertThatThrownBy(() -> KeyPair.fromBytes(old)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
                "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"
            })
    void readsBothTextFormsOfPeerIds(String text) {
        var peer = PeerId.parse(text);
        assertThat(peer).hasToString(text);
        var cid = dev.pando.ipld.Cid.of(
                dev.pando.ipld.Cid.LIBP2P_KEY, dev.pando.ipld.Multihash.fromBytes(peer.toBytes()));
        assertThat(PeerId.parse(cid.toString())).isEqualTo(peer);
    }

    @Test
    void readsAPeerIdOfTheSpecificationAsCid() {
        assertThat(PeerId.parse("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"))
                .hasToString("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12D3KooW",
                "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S0",
                "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5",
                "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
                "hello",
                "/ip4/127.0.0.1"
            })
    void saysWhatAPeerIdLooksLike(String text) {
        assertThatThrownBy(() -> PeerId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12D3KooW");
    }

    @Test
    void refusesASecondEncodingOfAKey() {
        byte[] canonical = key(1).publicKey().toBytes();
        byte[] longVarint =
                HexFormat.of().parseHex("0801" + "12a000" + HexFormat.of().formatHex(canonical, 4, 36));
        byte[] swapped = new byte[36];
        System.arraycopy(canonical, 2, swapped, 0, 34);
        swapped[34] = 0x08;
        swapped[35] = 0x01;
        byte[] trailing = Arrays.copyOf(canonical, 38);
        byte[] truncated = Arrays.copyOf(canonical, 35);
        byte[] unknownType = canonical.clone();
        unknownType[1] = 4;
        for (byte[] bytes : new byte[][] {longVarint, swapped, trailing, truncated, unknownType, {}, {8}}) {
            assertThatThrownBy(() -> PublicKey.fromBytes(bytes)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void signsAndVerifies() {
        var pair = key(1);
        byte[] signature = pair.sign(MESSAGE);
        assertThat(pair.publicKey().verify(MESSAGE, signature)).isTrue();
        assertThat(key(2).publicKey().verify(MESSAGE, signature)).isFalse();
        signature[10] ^= 1;
        assertThat(pair.publicKey().verify(MESSAGE, signature)).isFalse();
        assertThat(pair.publicKey().verify(MESSAGE, new byte[63])).isFalse();
    }

    @Test
    void verifiesRsaAndEcdsaOfOtherImplementations() throws Exception {
        var rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2_048);
        verifies(KeyType.RSA, rsa.generateKeyPair(), "SHA256withRSA");
        var ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        verifies(KeyType.ECDSA, ec.generateKeyPair(), "SHA256withECDSA");
    }

    private static void verifies(KeyType type, java.security.KeyPair pair, String algorithm) throws Exception {
        var signer = Signature.getInstance(algorithm);
        signer.initSign(pair.getPrivate());
        signer.update(MESSAGE);
        byte[] signature = signer.sign();
        var key = PublicKey.of(type, pair.getPublic().getEncoded());
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify("else".getBytes(), signature)).isFalse();
        signature[signature.length - 1] ^= 1;
        assertThat(key.verify(MESSAGE, signature)).isFalse();
        assertThat(key.verify(MESSAGE, new byte[0])).isFalse();
        assertThat(key.verify(MESSAGE, new byte[] {0x30, (byte) 0x84, 127, 127, 127, 127}))
                .isFalse();
        assertThat(PublicKey.fromBytes(key.toBytes())).isEqualTo(key);
    }

    @Test
    void verifiesSecp256k1() throws Exception {
        var curve = new ECDomainParameters(SECNamedCurves.getByName("secp256k1"));
        var secret = new java.math.BigInteger(1, new SecureRandom().generateSeed(31)).add(java.math.BigInteger.TWO);
        var key = PublicKey.of(KeyType.SECP256K1, curve.getG().multiply(secret).getEncoded(true));
        var signer = new ECDSASigner();
        signer.init(true, new ECPrivateKeyParameters(secret, curve));
        var parts = signer.generateSignature(
                java.security.MessageDigest.getInstance("SHA-256").digest(MESSAGE));
        byte[] signature =
                new DERSequence(new ASN1Integer[] {new ASN1Integer(parts[0]), new ASN1Integer(parts[1])}).getEncoded();
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify("else".getBytes(), signature)).isFalse();
    }

    @Test
    void refusesKeysThatAreNone() {
        assertThatThrownBy(() -> PublicKey.of(KeyType.ED25519, new byte[31]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PublicKey.of(KeyType.SECP256K1, new byte[33]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PublicKey.of(KeyType.RSA, new byte[300])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PublicKey.of(KeyType.ECDSA, key(1).publicKey().raw()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWeakRsaKeys() throws Exception {
        var rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1_024);
        byte[] weak = rsa.generateKeyPair().getPublic().getEncoded();
        assertThatThrownBy(() -> PublicKey.of(KeyType.RSA, weak)).hasMessageContaining("1024 bits");
    }
}
