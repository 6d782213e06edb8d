package org.firstlight.dm.shipment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.firstlight.fleet.shipment.ShipmentList;

/**
 * The files of shipment lists on this node: of each its bytes, and the report of its refused lines.
 * What it says is stored is on the disk.
 */
final class Spool {
  private static final int BUFFER = 64 * 1024;

  private final Path folder;

  Spool(Path folder) {
    this.folder = folder;
  }

  private Path content(ShipmentList list) {
    return folder.resolve(list.id() + ".ndjson");
  }

  private Path report(ShipmentList list) {
    return folder.resolve(list.id() + ".report");
  }

  /** The file of its bytes. */
  Path file(ShipmentList list) {
    return content(list);
  }

  /** Makes room for a list that begins. */
  void begin(ShipmentList list) throws IOException {
    Files.createDirectories(folder);
    remove(list);
    Files.createFile(content(list));
  }

  /** Bytes that can be written before the disk is full. */
  long free() throws IOException {
    Files.createDirectories(folder);
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Where a piece ended. */
  record Piece(long received, boolean cutOff, boolean tooLong) {}

  /**
   * Stores what comes behind what is there. A piece that is cut off is kept as far as it came.
   *
   * @throws IOException if the disk does not take it
   */
  Piece append(ShipmentList list, InputStream piece) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long at = list.received();
    boolean cutOff = false;
    boolean tooLong = false;
    // its file may have been made no more than its record
    OpenOption[] how =
        at == 0
            ? new OpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.CREATE}
            : new OpenOption[] {StandardOpenOption.WRITE};
    try (FileChannel file = FileChannel.open(content(list), how)) {
      while (true) {
        int read;
        try {
          read = piece.read(buffer);
        } catch (IOException gone) {
          cutOff = true;
          break;
        }
        if (read < 0) {
          break;
        }
        if (at + read > list.size()) {
          tooLong = true;
          break;
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          at += file.write(bytes, at);
        }
      }
      file.force(true);
    }
    return new Piece(at, cutOff, tooLong);
  }

  /** Hex SHA-256 of the bytes. */
  String sha256(ShipmentList list) throws IOException {
    try (InputStream in = Files.newInputStream(content(list))) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      long left = list.size();
      for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
        int counted = (int) Math.min(read, left);
        digest.update(buffer, 0, counted);
        left -= counted;
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Writes refusals behind what of the report counts; what was there behind it is gone.
   *
   * @return its length now
   */
  long report(ShipmentList list, List<String> lines) throws IOException {
    long at = list.progress().reportBytes();
    try (FileChannel file =
        FileChannel.open(report(list), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      if (file.size() < at) {
        throw new IOException("the report has lost its beginning");
      }
      file.truncate(at);
      if (lines.isEmpty()) {
        return at;
      }
      ByteBuffer bytes =
          ByteBuffer.wrap(
              (String.join("\n", lines) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        at += file.write(bytes, at);
      }
      file.force(true);
      return at;
    }
  }

  /** Copies what counts of the report. */
  void copyReport(ShipmentList list, OutputStream out) throws IOException {
    long left = list.progress().reportBytes();
    if (left == 0) {
      return;
    }
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(report(list))) {
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new IOException("the report is shorter than it was");
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }

  /** Takes the bytes away; the report stays. */
  void removeContent(ShipmentList list) throws IOException {
    Files.deleteIfExists(content(list));
  }

  void remove(ShipmentList list) throws IOException {
    removeContent(list);
    Files.deleteIfExists(report(list));
  }
}
