package shop.payments;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/invoices")
class InvoiceController {

    private final InvoiceRepository invoices;
    private final ReceiptReader receipts;
    private final Codes codes;

    InvoiceController(InvoiceRepository invoices, ReceiptReader receipts, Codes codes) {
        this.invoices = invoices;
        this.receipts = receipts;
        this.codes = codes;
    }

    @GetMapping("/{id}")
    ResponseEntity<Invoice> show(@PathVariable long id) {
        return ResponseEntity.of(invoices.find(id));
    }

    @CrossOrigin(origins = "*")
    @GetMapping("/search")
    List<Invoice> search(@RequestParam String customer, @RequestParam(defaultValue = "10") int limit) {
        return invoices.ofCustomer(customer, Math.min(limit, 100));
    }

    @CrossOrigin(origins = "https://partner.example")
    @GetMapping("/open")
    List<Invoice> open(@RequestParam(defaultValue = "10") int limit) {
        return invoices.open(Math.min(limit, 100));
    }

    @PostMapping("/receipts")
    Receipt upload(@RequestBody byte[] document) throws Exception {
        return receipts.read(document);
    }

    @PostMapping("/session")
    void remember(HttpServletResponse response) {
        Cookie session = new Cookie("payment_session", codes.session());
        session.setHttpOnly(true);
        session.setSecure(true);
        session.setPath("/invoices");
        response.addCookie(session);
    }
}
