package org.firstlight.kit.dtls;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A stream under AES-256-GCM, block by block, so that none of any length has to be in memory. Each
 * block knows its number and whether it is the last: none can be left out, moved or added. The key
 * is for one stream.
 */
final class SealedBlocks {
  private static final int BLOCK = 64 * 1024;
  private static final int TAG_BITS = 128;
  private static final int NONCE_BYTES = 12;

  private SealedBlocks() {}

  private static Cipher cipher(int mode, byte[] key, String context, long number, boolean last)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(last ? 1 : 0).putLong(number).array();
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /** Closing it writes the last block. */
  static final class Output extends OutputStream {
    private final DataOutputStream out;
    private final byte[] key;
    private final String context;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private long number;
    private boolean closed;

    Output(OutputStream out, byte[] key, String context) {
      this.out = new DataOutputStream(out);
      this.key = key.clone();
      this.context = context;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int at = offset;
      while (at < offset + length) {
        if (!block.hasRemaining()) {
          seal(false);
        }
        int some = Math.min(block.remaining(), offset + length - at);
        block.put(bytes, at, some);
        at += some;
      }
    }

    private void seal(boolean last) throws IOException {
      try {
        block.flip();
        byte[] sealed =
            cipher(Cipher.ENCRYPT_MODE, key, context, number++, last)
                .doFinal(block.array(), 0, block.limit());
        out.writeBoolean(last);
        out.writeInt(sealed.length);
        out.write(sealed);
        block.clear();
      } catch (GeneralSecurityException e) {
        throw new IOException("a block could not be sealed", e);
      }
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        try (out) {
          seal(true);
        }
      }
    }
  }

  /** Ends with an error where the stream is not as it was sealed. */
  static final class Input extends InputStream {
    private final DataInputStream in;
    private final byte[] key;
    private final String context;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private long number;
    private boolean last;

    Input(InputStream in, byte[] key, String context) {
      this.in = new DataInputStream(in);
      this.key = key.clone();
      this.context = context;
    }

    @Override
    public int read() throws IOException {
      return fill() ? block.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int some = Math.min(length, block.remaining());
      block.get(bytes, offset, some);
      return some;
    }

    private boolean fill() throws IOException {
      while (!block.hasRemaining()) {
        if (last) {
          return false;
        }
        open();
      }
      return true;
    }

    private void open() throws IOException {
      try {
        last = in.readBoolean();
        int length = in.readInt();
        if (length < 0 || length > BLOCK + TAG_BITS / 8) {
          throw new IOException("a block is too long");
        }
        byte[] sealed = in.readNBytes(length);
        block =
            ByteBuffer.wrap(
                cipher(Cipher.DECRYPT_MODE, key, context, number++, last).doFinal(sealed));
        if (last && in.read() >= 0) {
          throw new IOException("something is behind the last block");
        }
      } catch (EOFException e) {
        throw new IOException("the last block is missing", e);
      } catch (GeneralSecurityException e) {
        throw new IOException("a block does not open", e);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
