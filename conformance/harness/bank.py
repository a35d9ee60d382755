"""A payment provider that also keeps methods and charges them, with a bank behind it that may want to see a person."""

from .till import Till


class Bank(Till):
    """`methods` are what it keeps; `charges` what was ordered of them."""

    def __init__(self):
        self.customers, self.methods, self.charges = {}, {}, {}
        self.wants_a_person = False
        super().__init__()

    def asked(self, method, path, form):
        parts = path.split("?")[0].strip("/").split("/")[1:]
        if (method, parts) == ("POST", ["customers"]):
            name = f"cus_{len(self.customers)}"
            self.customers[name] = form
            return 200, {"id": name}
        if method == "DELETE" and parts[0] == "customers":
            return self.gone() if self.customers.pop(parts[1], None) is None else (200, {"deleted": True})
        if parts[0] == "payment_methods":
            return self.gone() if self.methods.pop(parts[1], None) is None else (200, {"id": parts[1]})
        if (method, parts) == ("POST", ["checkout", "sessions"]) and form["mode"] == "setup":
            number = len(self.pages)
            self.pages.append({"id": f"cs_{number}", "url": f"https://pay.example/cs_{number}", "status": "open", "mode": "setup",
                               "customer": form["customer"], "client_reference_id": form["client_reference_id"],
                               "metadata": marks(form), "setup_intent": None})
            return 200, self.pages[number]
        if parts[0] == "setup_intents":
            return 200, {"status": "succeeded", "payment_method": self.methods[parts[1].removeprefix("seti_")]}
        if parts[0] == "payment_intents":
            if (method, parts) == ("GET", ["payment_intents"]):
                return 200, {"data": list(self.charges.values())}
            return self.charge(method, parts[1:], form)
        answer = super().asked(method, path, form)
        if (method, parts) == ("POST", ["checkout", "sessions"]):
            answer[1]["metadata"] = marks(form)
        return answer

    def charge(self, method, parts, form):
        if not parts:
            if form["payment_method"] not in self.methods:
                return self.gone()
            name = f"pi_{len(self.charges)}"
            self.charges[name] = {"id": name, "status": "requires_confirmation", "amount": int(form["amount"]), "currency": form["currency"],
                                  "metadata": marks(form)}
            return 200, self.charges[name]
        charge = self.charges[parts[0]]
        if parts[1:] == ["cancel"] and charge["status"] != "succeeded":
            charge["status"] = "canceled"
        if parts[1:] == ["confirm"]:
            if not self.wants_a_person:
                charge["status"] = "succeeded"
            elif "return_url" in form:
                charge.update(status="requires_action", next_action={"redirect_to_url": {"url": f"https://bank.example/{parts[0]}"}})
            else:
                charge.update(status="requires_payment_method", last_payment_error={"code": "authentication_required"})
                return 402, {"error": {"code": "authentication_required", "message": "The bank wants to see you"}}
        return 200, charge

    def gone(self):
        return 404, {"error": {"code": "resource_missing", "message": "no such thing"}}

    def enter(self, number):
        """Somebody enters a card on a page."""
        name = f"pm_{len(self.methods)}"
        self.methods[name] = {"id": name, "type": "card", "billing_details": {"name": "Zaynab Haddad"},
                              "card": {"last4": "4242", "exp_month": 12, "exp_year": 2031, "number": "4242424242424242"}}
        self.pages[number].update(status="complete", url=None, setup_intent=f"seti_{name}")

    def confirm(self):
        """Somebody confirms what the bank wants confirmed; the charge."""
        charge = next(charge for charge in self.charges.values() if charge["status"] == "requires_action")
        charge["status"] = "succeeded"
        return charge


def marks(form):
    return {name.removeprefix("metadata[").rstrip("]"): value for name, value in form.items() if name.startswith("metadata[")}
