package shop.payments;

import java.io.ByteArrayInputStream;
import java.io.ObjectInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.springframework.stereotype.Component;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Receipts as the bank sends them: XML today, Java objects in the old days. */
@Component
class ReceiptReader {

    Receipt read(byte[] document) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document xml = factory.newDocumentBuilder().parse(new ByteArrayInputStream(document));
        return receipt(xml.getDocumentElement());
    }

    /** The same for a document type that is refused before it can name a file. */
    Receipt readStrictly(byte[] document) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setNamespaceAware(true);
        Document xml = factory.newDocumentBuilder().parse(new ByteArrayInputStream(document));
        return receipt(xml.getDocumentElement());
    }

    Receipt readOld(byte[] document) throws Exception {
        try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(document))) {
            return (Receipt) stream.readObject();
        }
    }

    private static Receipt receipt(Element element) {
        return new Receipt(
                element.getAttribute("bank"),
                Long.parseLong(element.getAttribute("invoice")),
                Long.parseLong(element.getAttribute("cents")));
    }
}

record Receipt(String bank, long invoice, long cents) implements java.io.Serializable {}
