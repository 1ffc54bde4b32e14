package dev.pando.ipld;

/** Bytes or text from outside are not what their format demands. The message names the place and what was expected. */
public class DecodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DecodeException(String message) {
        super(message);
    }

    public DecodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
