package dev.pando.libp2p.mdns;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A DNS message (RFC 1035) as far as finding peers needs it. Names are kept in lower case, without the dot at their end.
 *
 * @param response whether it answers, rather than asks
 * @param records answers and additional records, of the types that matter here
 */
record MdnsPacket(boolean response, List<Question> questions, List<Record> records) {
    /** Longer packets are not read: an Ethernet jumbo frame has no more, and RFC 6762 §17 sets this limit. */
    static final int BYTES_MAX = 9_000;

    /** Strings of a TXT record; further ones are not read. */
    static final int STRINGS_MAX = 64;

    static final int PTR = 12;
    static final int TXT = 16;

    /** For any type of record. */
    static final int ANY = 255;

    /** Seconds for which an answer counts. */
    private static final int TTL_SECONDS = 120;

    private static final int RESPONSE_FLAGS = 0x8400; // response, authoritative
    private static final int CLASS_IN = 1;

    /** Entries of a packet; one that announces more is malformed. */
    private static final int ENTRIES_MAX = 256;

    private static final int NAME_BYTES_MAX = 255;
    private static final int STRING_BYTES_MAX = 255;

    record Question(String name, int type) {}

    /** What a name stands for. */
    sealed interface Record {
        String name();
    }

    /** Of {@code name} there is an instance called {@code target}. */
    record Pointer(String name, String target) implements Record {}

    /** {@code name} has these properties. */
    record Text(String name, List<String> strings) implements Record {}

    MdnsPacket {
        questions = List.copyOf(questions);
        records = List.copyOf(records);
    }

    static MdnsPacket query(String name, int type) {
        return new MdnsPacket(false, List.of(new Question(name, type)), List.of());
    }

    // ---- writing

    /** The bytes; the first of the records is the answer, the others are additional. */
    byte[] encode() {
        var out = new ByteArrayOutputStream();
        int answers = Math.min(1, records.size());
        for (int word :
                new int[] {0, response ? RESPONSE_FLAGS : 0, questions.size(), answers, 0, records.size() - answers}) {
            writeShort(out, word);
        }
        for (var question : questions) {
            writeName(out, question.name());
            writeShort(out, question.type());
            writeShort(out, CLASS_IN);
        }
        for (var record : records) {
            var data = new ByteArrayOutputStream();
            if (record instanceof Pointer pointer) {
                writeName(data, pointer.target());
            } else if (record instanceof Text text) {
                text.strings().forEach(string -> writeString(data, string));
            }
            writeName(out, record.name());
            writeShort(out, record instanceof Pointer ? PTR : TXT);
            writeShort(out, CLASS_IN);
            writeShort(out, 0);
            writeShort(out, TTL_SECONDS);
            writeShort(out, data.size());
            out.writeBytes(data.toByteArray());
        }
        return out.toByteArray();
    }

    private static void writeShort(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }

    private static void writeName(ByteArrayOutputStream out, String name) {
        for (String label : name.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > 63) {
                throw new IllegalArgumentException("a label has 1 to 63 bytes: " + name);
            }
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
    }

    private static void writeString(ByteArrayOutputStream out, String string) {
        byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > STRING_BYTES_MAX) {
            throw new IllegalArgumentException("a string has at most 255 bytes: " + string);
        }
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    // ---- reading

    /** @throws IllegalArgumentException when {@code bytes} are no DNS message */
    static MdnsPacket decode(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException("a packet of " + bytes.length + " bytes");
        }
        try {
            var in = ByteBuffer.wrap(bytes);
            in.getShort();
            boolean response = in.getShort() < 0;
            int questionCount = in.getShort() & 0xffff;
            int recordCount = (in.getShort() & 0xffff) + (in.getShort() & 0xffff) + (in.getShort() & 0xffff);
            if (questionCount + recordCount > ENTRIES_MAX) {
                throw new IllegalArgumentException(questionCount + recordCount + " entries in a packet");
            }
            var questions = new ArrayList<Question>();
            for (int i = 0; i < questionCount; i++) {
                questions.add(new Question(readName(in), in.getShort() & 0xffff));
                in.getShort();
            }
            var records = new ArrayList<Record>();
            for (int i = 0; i < recordCount; i++) {
                readRecord(in, records);
            }
            return new MdnsPacket(response, questions, records);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a packet that ends within an entry", e);
        }
    }

    private static void readRecord(ByteBuffer in, List<Record> records) {
        String name = readName(in);
        int type = in.getShort() & 0xffff;
        in.getShort();
        in.getInt();
        int length = in.getShort() & 0xffff;
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        int end = in.position() + length;
        if (type == PTR) {
            records.add(new Pointer(name, readName(in)));
        } else if (type == TXT) {
            records.add(new Text(name, readStrings(in, end)));
        }
        if (in.position() > end) {
            throw new IllegalArgumentException("a record longer than it says");
        }
        in.position(end);
    }

    private static List<String> readStrings(ByteBuffer in, int end) {
        var strings = new ArrayList<String>();
        while (in.position() < end && strings.size() < STRINGS_MAX) {
            byte[] string = new byte[in.get() & 0xff];
            in.get(string);
            strings.add(new String(string, StandardCharsets.UTF_8));
        }
        return strings;
    }

    /* A name may end with a pointer to an earlier one. Each pointer must lead further back: so none leads round. */
    private static String readName(ByteBuffer in) {
        var name = new StringBuilder();
        int resume = -1;
        int earliest = in.position();
        for (int length = in.get() & 0xff; length != 0; length = in.get() & 0xff) {
            if (length >= 0xc0) {
                int target = (length & 0x3f) << 8 | in.get() & 0xff;
                if (target >= earliest) {
                    throw new IllegalArgumentException("a name that points forward");
                }
                resume = resume < 0 ? in.position() : resume;
                earliest = target;
                in.position(target);
            } else {
                if (length > 63 || name.length() + length + 1 > NAME_BYTES_MAX) {
                    throw new IllegalArgumentException("a name that is too long");
                }
                byte[] label = new byte[length];
                in.get(label);
                name.append(name.isEmpty() ? "" : ".").append(lowerCase(new String(label, StandardCharsets.UTF_8)));
            }
        }
        if (resume >= 0) {
            in.position(resume);
        }
        return name.toString();
    }

    private static String lowerCase(String label) {
        return label.toLowerCase(java.util.Locale.ROOT);
    }
}
