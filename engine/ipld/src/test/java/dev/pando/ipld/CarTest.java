package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarTest {

    /** One root, one block {"dog": true}: the fixture of several published readers. */
    private static final String SMALL_HEADER = "3aa265726f6f747381d82a58250001711220"
            + "151fe9e73c6267a7060c6f6c4cca943c236f4b196723489608edb42a8b8fa80b6776657273696f6e01";

    private static final String SMALL_FRAME =
            "2c01711220151fe9e73c6267a7060c6f6c4cca943c236f4b196723489608edb42a8b8fa80ba165646f646779f5";

    @Test
    void readsThePublishedArchive() throws IOException {
        byte[] archive = carv1Basic();
        CarReader reader = CarReader.open(new ByteArrayInputStream(archive), true);
        List<CarFrame> frames = readAll(reader);

        assertThat(reader.roots())
                .extracting(Cid::toString)
                .containsExactly(
                        "bafyreihyrpefhacm6kkp4ql6j6udakdit7g3dmkzfriqfykhjw6cad5lrm",
                        "bafyreidj5idub6mapiupjwjsyyxhyhedxycv4vihfsicm2vt46o7morwlm");
        assertThat(frames)
                .extracting(frame -> frame.block().cid().toString())
                .containsExactly(
                        "bafyreihyrpefhacm6kkp4ql6j6udakdit7g3dmkzfriqfykhjw6cad5lrm",
                        "QmNX6Tffavsya4xgBi2VJQnSuqy9GsxongxZZ9uZBqp16d",
                        "bafkreifw7plhl6mofk6sfvhnfh64qmkq73oeqwl6sloru6rehaoujituke",
                        "QmWXZxVQ9yZfhQxLD35eDR8LiMRsYtHxYqTFCBbJoiJVys",
                        "bafkreiebzrnroamgos2adnbpgw5apo3z4iishhbdx77gldnbk57d4zdio4",
                        "QmdwjhxpxzcMsR3qUuj7vUL8pbA7MgR3GAxWi2GLHjsKCT",
                        "bafkreidbxzk2ryxwwtqxem4l3xyyjvw35yu4tcct4cqeqxwo47zhxgxqwq",
                        "bafyreidj5idub6mapiupjwjsyyxhyhedxycv4vihfsicm2vt46o7morwlm");
        assertThat(frames).extracting(CarFrame::offset).containsExactly(100L, 192L, 325L, 366L, 496L, 537L, 619L, 660L);
        assertThat(frames).extracting(CarFrame::blockOffset).contains(137L, 228L);
        assertThat(frames.get(7).end()).isEqualTo(archive.length).isEqualTo(reader.end());
    }

    @Test
    void writesThePublishedArchive() throws IOException {
        byte[] archive = carv1Basic();
        CarReader reader = CarReader.open(ByteBuffer.wrap(archive), true);
        ByteBuffer buffer = ByteBuffer.allocate(archive.length);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        buffer.put(CarWriter.header(reader.roots()));
        stream.write(CarWriter.header(reader.roots()));
        for (CarFrame frame : readAll(reader)) {
            Block block = frame.block();
            CarWriter.writeFrame(buffer, block.cid(), block.bytes());
            CarWriter.writeFrame(stream, block.cid(), block.bytes());
            assertThat(CarWriter.frameSize(block.cid(), block.bytes())).isEqualTo(frame.length());
        }
        assertThat(buffer.array()).isEqualTo(archive);
        assertThat(stream.toByteArray()).isEqualTo(archive);
    }

    @Test
    void everyCutIsNoticedButTheOneBetweenBlocks() throws IOException {
        byte[] archive = Hex.bytes(SMALL_HEADER + SMALL_FRAME + SMALL_FRAME);
        int header = Hex.bytes(SMALL_HEADER).length;
        int frame = Hex.bytes(SMALL_FRAME).length;
        for (int length = 0; length <= archive.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(archive, 0, length);
            if (length < header) {
                assertThatThrownBy(() -> CarReader.open(cut, true)).isInstanceOf(DecodeException.class);
                continue;
            }
            CarReader reader = CarReader.open(cut, true);
            int whole = (length - header) / frame;
            for (int i = 0; i < whole; i++) {
                assertThat(reader.next()).isNotNull();
            }
            if ((length - header) % frame == 0) {
                assertThat(reader.next()).isNull();
            } else {
                assertThatThrownBy(reader::next)
                        .isInstanceOf(DecodeException.class)
                        .hasMessageContaining("offset " + (header + whole * frame));
            }
            assertThat(reader.end()).isEqualTo(header + (long) whole * frame);
        }
    }

    @Test
    void noticesAWrongHashWhenAskedTo() throws IOException {
        byte[] archive = Hex.bytes(SMALL_HEADER + SMALL_FRAME);
        archive[archive.length - 1] ^= 1;
        assertThat(Objects.requireNonNull(
                                CarReader.open(ByteBuffer.wrap(archive), false).next())
                        .block()
                        .matches())
                .isFalse();
        CarReader verifying = CarReader.open(ByteBuffer.wrap(archive), true);
        assertThatThrownBy(verifying::next)
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("bafyreiavd7u6opdcm6tqmddpnrgmvfb4enxuwglhenejmchnwqvixd5ibm");
    }

    @ParameterizedTest
    @CsvSource({
        "'', empty",
        "00, length 0",
        "e0e0e0e0a7060c6f6c4cca943c236f4b, expected 1 to 1048576",
        "0aa16776657273696f6e02, version 2 without roots",
        "0aa16776657273696f6e01, version 1 without roots",
        "11a265726f6f7473806776657273696f6e02, version 2",
        "08a165726f6f747380, expected key 'version'",
        "12a265726f6f7473806776657273696f6e0100, 1 more bytes",
        "11a26776657273696f6e0165726f6f747380, expected the end of the map",
        "3aa265726f6f747381d8305825000130302030303030303030303030303030303030303030303030303030303030303030306776657273696f6e01, tag 42",
    })
    void refusesAHeader(String hex, String reason) {
        assertThatThrownBy(() -> CarReader.open(ByteBuffer.wrap(Hex.bytes(hex)), true))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("CAR header")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "00, length 0",
        "8000, not minimal",
        "0130, CID version 48",
        "0501551220, cut off",
        "0601551220, cut off",
        "ffffff7f, expected a CID and a block of at most 4194304 bytes",
    })
    void refusesAFrame(String hex, String reason) throws IOException {
        CarReader reader = CarReader.open(ByteBuffer.wrap(Hex.bytes(SMALL_HEADER + hex)), true);
        assertThatThrownBy(reader::next)
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("CAR frame at offset 59")
                .hasMessageContaining(reason);
    }

    @Test
    void readsTheLargestBlockAndRefusesALargerOne() throws IOException {
        byte[] largest = new byte[CarWriter.BLOCK_BYTES_MAX];
        Block block = Block.of(Cid.RAW, largest);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(CarWriter.header(List.of()));
        CarWriter.writeFrame(out, block.cid(), largest);
        CarReader reader = CarReader.open(new ByteArrayInputStream(out.toByteArray()), true);
        assertThat(reader.roots()).isEmpty();
        assertThat(Objects.requireNonNull(reader.next()).block()).isEqualTo(block);

        byte[] larger = new byte[CarWriter.BLOCK_BYTES_MAX + 1];
        assertThatThrownBy(() -> CarWriter.writeFrame(out, block.cid(), larger))
                .isInstanceOf(IllegalArgumentException.class);
        out.reset();
        out.write(CarWriter.header(List.of()));
        Varint.write(out, block.cid().byteLength() + larger.length);
        out.write(block.cid().toBytes());
        out.write(larger);
        CarReader tooLarge = CarReader.open(new ByteArrayInputStream(out.toByteArray()), false);
        assertThatThrownBy(tooLarge::next).isInstanceOf(DecodeException.class).hasMessageContaining("4194305");
    }

    @Property(tries = 5_000)
    void anyBytesBehindTheHeaderAreBlocksOrRefused(@ForAll @Size(max = 60) byte[] tail) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Hex.bytes(SMALL_HEADER));
        out.write(tail);
        CarReader reader = CarReader.open(ByteBuffer.wrap(out.toByteArray()), false);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        again.write(Hex.bytes(SMALL_HEADER));
        try {
            for (CarFrame frame : readAll(reader)) {
                CarWriter.writeFrame(again, frame.block().cid(), frame.block().bytes());
            }
        } catch (DecodeException e) {
            return;
        }
        assertThat(again.toByteArray()).isEqualTo(out.toByteArray());
    }

    private static List<CarFrame> readAll(CarReader reader) throws IOException {
        List<CarFrame> frames = new ArrayList<>();
        for (CarFrame frame = reader.next(); frame != null; frame = reader.next()) {
            frames.add(frame);
        }
        return frames;
    }

    private static byte[] carv1Basic() throws IOException {
        try (InputStream in = Objects.requireNonNull(CarTest.class.getResourceAsStream("carv1-basic.hex"))) {
            return Hex.bytes(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }
}
