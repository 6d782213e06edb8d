package org.firstlight.objects.ddf;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.firstlight.objects.ddf.DdfOutcome.DdfLoaded;
import org.firstlight.objects.ddf.DdfOutcome.DdfRefused;

/**
 * Reads an OMA DDF (schema 1.0 and 1.1) from anyone. No DOCTYPE is taken, so there are no entities;
 * nothing is fetched; no exception leaves. Safe for use by any thread.
 */
public final class DdfReader {
  private final DdfLimits limits;

  public DdfReader() {
    this(DdfLimits.DEFAULT);
  }

  public DdfReader(DdfLimits limits) {
    this.limits = limits;
  }

  /** Reads at most one byte more than the limit allows; does not close the stream. */
  public DdfOutcome read(InputStream stream) {
    try {
      return read(stream.readNBytes(limits.maxBytes() + 1));
    } catch (IOException unreadable) {
      return new DdfRefused("the file cannot be read");
    }
  }

  public DdfOutcome read(byte[] file) {
    if (file.length > limits.maxBytes()) {
      return new DdfRefused("the file has more than %d bytes".formatted(limits.maxBytes()));
    }
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(new ByteArrayInputStream(file));
      try {
        return new DdfLoaded(new DdfDocument(new DdfCursor(xml, limits), limits).definitions());
      } finally {
        xml.close();
      }
    } catch (DdfFault fault) {
      return new DdfRefused(fault.getMessage());
    } catch (XMLStreamException malformed) {
      return new DdfRefused(reason(malformed));
    } catch (RuntimeException parserBug) {
      // the JDK's parser reports some malformed files in ways that it does not declare
      return new DdfRefused("it is not well-formed XML");
    }
  }

  private static String reason(XMLStreamException malformed) {
    // "ParseError at [row,col]:[3,7]\nMessage: The element type …"
    String text = String.valueOf(malformed.getMessage());
    int start = text.indexOf("Message: ");
    String words = start < 0 ? text : text.substring(start + "Message: ".length());
    String line =
        malformed.getLocation() == null
            ? ""
            : "line %d: ".formatted(malformed.getLocation().getLineNumber());
    return "%sit is not well-formed XML: %s".formatted(line, words.replaceAll("\\s+", " ").strip());
  }

  private static XMLInputFactory factory() {
    // the JDK's own, whatever else is on the class path
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("it refers to another file");
        });
    return factory;
  }
}
