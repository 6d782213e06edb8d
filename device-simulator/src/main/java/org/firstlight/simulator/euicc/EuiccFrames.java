package org.firstlight.simulator.euicc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.Eid;

/**
 * What device and eUICC say to each other over the pipe, one question at a time.
 *
 * <pre>
 * question: operation (1 byte), EID (32 digits), length (4 bytes), body
 * answer:   outcome, update result, ICCIDs, receipt; or a fault in words
 * </pre>
 */
final class EuiccFrames {
  static final byte INSTALL = 1;
  static final byte STATUS = 2;

  private static final int EID_LENGTH = 32;
  private static final int MAX_ICCIDS = 16;
  private static final int MAX_RECEIPT = 16 * 1024;
  private static final byte ANSWER = 0;
  private static final byte FAULT = 1;

  private EuiccFrames() {}

  /** The head of a question; {@code length} bytes of body follow it. */
  record Question(byte operation, Eid eid, int length) {}

  static void ask(DataOutputStream out, byte operation, Eid eid, byte[] body) throws IOException {
    out.writeByte(operation);
    out.write(eid.value().getBytes(StandardCharsets.US_ASCII));
    out.writeInt(body.length);
    out.write(body);
    out.flush();
  }

  /**
   * @return empty at the end of the stream
   */
  static Optional<Question> read(DataInputStream in) throws IOException {
    int operation = in.read();
    if (operation < 0) {
      return Optional.empty();
    }
    byte[] eid = new byte[EID_LENGTH];
    in.readFully(eid);
    int length = in.readInt();
    if (length < 0) {
      throw new IOException("a negative length");
    }
    try {
      return Optional.of(
          new Question(
              (byte) operation, new Eid(new String(eid, StandardCharsets.US_ASCII)), length));
    } catch (IllegalArgumentException e) {
      throw new IOException("not an EID");
    }
  }

  static void answer(DataOutputStream out, EuiccAnswer answer) throws IOException {
    out.writeByte(ANSWER);
    out.writeUTF(answer.outcome());
    out.writeLong(answer.updateResult());
    out.writeInt(answer.iccids().size());
    for (String iccid : answer.iccids()) {
      out.writeUTF(iccid);
    }
    byte[] receipt = answer.receipt().orElse(new byte[0]);
    out.writeInt(receipt.length);
    out.write(receipt);
    out.flush();
  }

  static void fault(DataOutputStream out, String words) throws IOException {
    out.writeByte(FAULT);
    out.writeUTF(words);
    out.flush();
  }

  static EuiccAnswer readAnswer(DataInputStream in) throws IOException {
    byte kind = in.readByte();
    if (kind == FAULT) {
      throw new IOException("the eUICC: " + in.readUTF());
    }
    if (kind != ANSWER) {
      throw new IOException("the eUICC speaks another protocol");
    }
    String outcome = in.readUTF();
    long updateResult = in.readLong();
    List<String> iccids = new ArrayList<>();
    for (int left = atMost(in.readInt(), MAX_ICCIDS); left > 0; left--) {
      iccids.add(in.readUTF());
    }
    byte[] receipt = new byte[atMost(in.readInt(), MAX_RECEIPT)];
    in.readFully(receipt);
    return new EuiccAnswer(
        outcome,
        updateResult,
        iccids,
        receipt.length == 0 ? Optional.empty() : Optional.of(receipt));
  }

  private static int atMost(int value, int limit) throws IOException {
    if (value < 0 || value > limit) {
      throw new IOException("the eUICC's answer is too long");
    }
    return value;
  }
}
