/* Two pages of our own, registered in the running client as a folder's routes.js would; evaluated by test_ui_frame.py. */
async (assets) => {
    const { registerRoute, registerPlace, go, router } = await import(`${assets}/router.js`);
    const { html, css } = await import(`${assets}/vendor/lit.js`);
    const { Page } = await import(`${assets}/ui/page.js`);
    class TryList extends Page {
        numbers = this.query(() => '/api/numbers');
        render() {
            this.title = 'Numbers';
            return html`<hm-page-header heading="Numbers"></hm-page-header><div class="body"><p class="sorted">by ${this.search.sort ?? 'name'}</p>
                ${this.numbers.render({ data: (n) => html`<hm-virtual-grid total-count=${n.total} keep="numbers" .page=${async (offset, limit) => Array.from({ length: limit }, (_, i) => offset + i)}
                    .renderItem=${(n) => html`<hm-poster heading=${`Film ${n}`} href=${`/try/${n}`} second="10 min"></hm-poster>`}></hm-virtual-grid>` })}</div>`;
        }
    }
    class TryOne extends Page {
        render() {
            this.title = 'One';
            return html`<hm-page-header heading=${`Number ${this.params.n}`} back="/try"></hm-page-header>`;
        }
    }
    customElements.define('try-list', TryList);
    customElements.define('try-one', TryOne);
    registerRoute('/try', async () => {}, { tag: 'try-list', place: 'tried' });
    registerRoute('/try/:n', async () => {}, { tag: 'try-one', place: 'tried' });
    registerRoute('/try/secret', async () => {}, { tag: 'try-one', admin: true });
    registerPlace({ id: 'tried', label: 'Tried', icon: 'film', href: '/try', order: 5 });
    registerPlace({ id: 'never', label: 'Never', icon: 'film', href: '/never', order: 6, shown: () => false });
    go('/try');
}
