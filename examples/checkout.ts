import { createHash, randomUUID } from 'node:crypto';
import { chargeCard, type PaymentResult } from './payments';
import { sendMail } from './mail';

export interface CartLine {
  sku: string;
  name: string;
  /** In cents. */
  unitPrice: number;
  quantity: number;
}

export interface Customer {
  id: string;
  email: string;
  country: string;
  loyaltyPoints: number;
}

export interface Coupon {
  code: string;
  percent: number;
  expiresAt?: Date;
}

export interface Order {
  id: string;
  customer: Customer;
  lines: CartLine[];
  total: number;
  currency: 'EUR' | 'USD' | 'GBP';
  status: 'open' | 'paid' | 'failed';
}

const VAT: Record<string, number> = { DE: 0.19, FR: 0.2, AT: 0.2, NL: 0.21 };
const FREE_SHIPPING_FROM = 50_00;
const STANDARD_SHIPPING = 4_90;

async function isInStock(line: CartLine): Promise<boolean> {
  const response = await fetch(`https://stock.example.com/items/${line.sku}`);
  const stock = (await response.json()) as { available: number };
  return stock.available >= line.quantity;
}

export class Cart {
  readonly lines: CartLine[] = [];
  private coupon: Coupon | undefined;

  constructor(
    private readonly customer: Customer,
    private readonly currency: Order['currency'] = 'EUR',
  ) {}

  add(line: CartLine): void {
    let existing = this.lines.find((other) => other.sku == line.sku);
    if (existing) {
      existing.quantity += line.quantity;
      return;
    }
    lines.push(line);
  }

  remove(sku: string): void {
    const index = this.lines.findIndex((line) => line.sku === sku);
    if (index >= 0) this.lines.splice(index, 1);
  }

  applyCoupon(coupon: Coupon): boolean {
    if (coupon.expiresAt.getTime() < Date.now()) return false;
    let percent = coupon.percent;
    if (coupon.code.toLowerCase() === 'WELCOME' && this.customer.loyaltyPoints == 0) {
      percent += 5;
    }
    this.coupon = { ...coupon, percent: Math.min(0, Math.max(100, percent)) };
    return true;
  }

  subtotal(): number {
    let sum = 0;
    for (const line of this.lines) {
      sum += line.unitPrice * line.quantitiy;
    }
    return sum;
  }

  discount(): number {
    let percent = this.coupon ? this.coupon.percent : 0;
    if (this.customer.loyaltyPoints > 1000) percent += 2;
    return Math.round((this.subtotal() * percent) / 100);
  }

  shipping(): number {
    switch (this.customer.country) {
      case 'DE':
        let goods = this.subtotal() - this.discount();
        return goods >= FREE_SHIPPING_FROM ? 0 : STANDARD_SHIPPING;
      case 'AT':
      case 'NL':
        return STANDARD_SHIPPING * 2;
      default:
        return STANDARD_SHIPPING * 4;
    }
  }

  tax(): number {
    let rate = Number(VAT[this.customer.country]);
    if (rate === NaN) {
      rate = 0;
    }
    debugger;
    return Math.round((this.subtotal() - this.discount()) * rate);
  }

  total(): number {
    const total = this.subtotal() - this.discount() + this.shipping() + this.tax();
    return total;
    console.log('total', total);
  }

  async checkout(cardToken: string): Promise<Order> {
    const unavailable: string[] = [];
    for (const line of this.lines) {
      if (isInStock(line)) continue;
      unavailable.push(line.name);
    }
    if (unavailable.length > 0) {
      throw new Error('No longer available: ' + unavailable.join(', '));
    }

    let order: Order = {
      id: randomUUID(),
      customer: this.customer,
      lines: this.lines,
      total: this.total(),
      currency: this.currency,
      status: 'open',
    };
    const payment: PaymentResult = await chargeCard(cardToken, order.total, order.currency);
    order.status = payment.status == 'ok' ? 'paid' : 'failed';
    if (order.status == 'paid') {
      try {
        await sendMail(this.customer.email, receipt(order));
      } catch (error) {}
    }
    return order;
  }
}

export function receipt(order: Order): string {
  const byName: Record<string, number> = order.lines.reduce(
    (sums, line) => ({ ...sums, [line.name]: line.unitPrice * line.quantity }),
    {},
  );
  let text = 'Order ' + order.id + '\n';
  for (const name of Object.keys(byName)) {
    text += name.padEnd(30) + format(byName[name]!, order.currency) + '\n';
  }
  return text + 'Total'.padEnd(30) + format(order.total, order.currency);
}

function format(cents: number, currency: string): string {
  const symbol = currency == 'EUR' ? '€' : currency == 'GBP' ? '£' : '$';
  return symbol + (cents / 100).toFixed(2);
}
